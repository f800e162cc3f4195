"""Servers that are slow, broken or not RootFi: each causes one clear error before the deadline."""

import gzip
import socket
import tracemalloc
from contextlib import ExitStack
from typing import Any

import pytest

from rootfi_pulumi.api import errors
from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.api.transport import Transport
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.contract.plugin import client_of
from tests.support.contract.raw_server import Trickle, serving
from tests.support.fake_clock import FakeClock

XERO: dict[str, Any] = {
    "integration_type": "XERO",
    "client_id": "xero-app",
    "client_secret": "s",
    "is_rootfi_identity": False,
}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


# A hundred megabytes, packed into a thousandth of that.
BOMB = gzip.compress(b" " * 100_000_000)


def create(client: RootFiClient) -> object:
    return client.create_integration(**XERO)


@pytest.mark.parametrize(
    "first",
    [b"HTTP/1.1 20", HEAD + b"X-Endless: ", HEAD + b"\r\n", HEAD + b"Content-Length: 100000\r\n\r\n"],
    ids=["status", "headers", "body", "counted body"],
)
def test_an_answer_that_trickles_ends_with_the_time_for_the_call(first: bytes) -> None:
    clock = FakeClock()
    trickle = Trickle(clock, first)
    with serving(trickle) as address:
        client = RootFiClient(Transport(Settings("key", f"http://{address}", 60), Redactor(), clock=clock))
        with pytest.raises(errors.NoAnswer, match="POST /integrations: no complete answer within 60 s"):
            create(client)
    assert trickle.has_left


def test_a_read_that_trickles_is_not_begun_again_without_time() -> None:
    clock = FakeClock()
    trickle = Trickle(clock, HEAD + b"\r\n")
    with serving(trickle) as address:
        client = RootFiClient(Transport(Settings("key", f"http://{address}"), Redactor(), clock=clock))
        with pytest.raises(errors.NoAnswer, match="no complete answer within"):
            client.get_integration(1234)
    assert (trickle.answers, trickle.has_left) == (1, True)


def test_of_ten_megabytes_of_garbage_little_is_read(client: RootFiClient, emulator: Emulator) -> None:
    emulator.inject(Fault(body=b"\xfe" * 10_000_000))
    with pytest.raises(errors.UnreadableAnswer, match="more than 1048576 bytes of application/json"):
        create(client)


def test_a_gzip_bomb_does_not_go_off(client: RootFiClient, emulator: Emulator) -> None:
    emulator.inject(Fault(body=BOMB, headers={"Content-Encoding": "gzip"}))
    tracemalloc.start()
    try:
        with pytest.raises(errors.UnreadableAnswer, match="more than"):
            create(client)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_an_error_page_without_end_is_still_the_error_of_its_status(
    client: RootFiClient, emulator: Emulator
) -> None:
    emulator.inject(Fault(status=403, body=b"<p>no" * 2_000_000, content_type="text/html"))
    with pytest.raises(errors.Forbidden, match="403 a body of type text/html"):
        create(client)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"\x00\x1b[31m\r\n\r\n",
        HEAD + b"Content-Length: 100\r\n\r\n{",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"X: " + b"x" * 100_000 + b"\r\n\r\n",
        HEAD + b"X: x\r\n" * 200 + b"\r\n",
    ],
    ids=["ssh", "status", "controls", "cut off", "chunk", "long header", "many headers"],
)
def test_what_is_no_http_answer_is_one_clear_error(answer: bytes) -> None:
    with serving(lambda connection: connection.sendall(answer)) as address:
        with pytest.raises(errors.NoAnswer, match=r"^POST /integrations: the connection ended") as raised:
            create(client_of(f"http://{address}"))
        assert str(raised.value).isprintable()


def test_a_broken_content_encoding_is_one_clear_error() -> None:
    answer = HEAD + b"Content-Encoding: gzip\r\n\r\nno gzip"
    with (
        serving(lambda connection: connection.sendall(answer)) as address,
        pytest.raises(
            errors.UnreadableAnswer, match=r"^POST /integrations: the answer's content encoding cannot"
        ),
    ):
        create(client_of(f"http://{address}"))


def test_an_error_with_a_truncated_body_keeps_the_error_of_its_status() -> None:
    answer = b"HTTP/1.1 401 No\r\nContent-Length: 100\r\n\r\n{"
    with (
        serving(lambda connection: connection.sendall(answer)) as address,
        pytest.raises(errors.Unauthorized),
    ):
        create(client_of(f"http://{address}"))


def test_a_right_answer_of_a_wrong_content_type_is_understood(
    client: RootFiClient, emulator: Emulator
) -> None:
    emulator.inject(Fault(body='{"data": {"rootfi_id": "7"}}', content_type="text/html"))
    assert client.create_integration(**XERO).rootfi_id == 7


def test_a_proxy_that_answers_with_a_page_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    page = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Type: text/html\r\n\r\n<h1>Log in</h1>"
    with serving(lambda connection: connection.sendall(page)) as address:
        monkeypatch.setenv("https_proxy", f"http://{address}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        with pytest.raises(
            errors.NotSent, match=r"POST /integrations: proxy: .*407 Proxy Authentication"
        ) as raised:
            create(client_of("https://api.rootfi.dev"))
        assert "<h1>" not in str(raised.value)


def test_a_connection_that_breaks_in_the_handshake_was_not_sent_to() -> None:
    with (
        serving(lambda _: None, read=lambda _: None) as address,
        pytest.raises(errors.NotSent, match="attempts: "),
    ):
        create(client_of(f"https://{address}"))


def test_a_server_that_takes_no_connection_is_one_clear_error() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            # They fill its queue.
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        settings = Settings("key", f"http://127.0.0.1:{server.getsockname()[1]}", 0.3)
        with pytest.raises(
            errors.NotSent, match=r"^POST /integrations: no connection in time.*: nothing was"
        ):
            create(RootFiClient(Transport(settings, Redactor())))
