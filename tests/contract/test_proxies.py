"""A proxy on the way to RootFi: what is certain about a request that goes through it, and for how long."""

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from fake_clock import FakeClock
from fresh_plugin import client_of
from raw_server import Trickle, read_head, serving

from rootfi_pulumi.api import errors
from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.api.transport import Transport

XERO = {
    "integration_type": "XERO",
    "client_id": "xero-app",
    "client_secret": "s",
    "is_rootfi_identity": False,
}
TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.fixture
def rootfi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What makes a server on this machine a RootFi that is trusted."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@contextmanager
def proxy(monkeypatch: pytest.MonkeyPatch, serve: Callable[[socket.socket], None]) -> Iterator[None]:
    """Let a function serve each connection to the environment's proxy, one after the other."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving(serve, read=read_head) as address:
        monkeypatch.setenv("https_proxy", f"http://{address}")
        yield


def test_a_create_that_is_lost_behind_a_proxy_is_never_sent_again(
    rootfi: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived: list[bytes] = []

    def take_and_close(connection: socket.socket) -> None:
        connection.sendall(TUNNEL)
        with rootfi.wrap_socket(connection, server_side=True) as secured:
            received = read_head(secured)
            arrived.append(received.split()[0])
            length = re.search(rb"Content-Length: (\d+)", received)
            assert length
            while len(received.partition(b"\r\n\r\n")[2]) < int(length[1]):
                received += secured.recv(65536)

    with proxy(monkeypatch, take_and_close), pytest.raises(errors.NoAnswer, match="the connection ended"):
        client_of("https://127.0.0.1:1").create_integration(**XERO)  # type: ignore[arg-type]
    assert arrived == [b"POST"]


def test_a_proxy_whose_answer_trickles_ends_with_the_time_for_the_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = FakeClock()
    trickle = Trickle(clock, b"HTTP/1.1 200 OK\r\nX-Endless: ")
    client = RootFiClient(Transport(Settings("key", "https://127.0.0.1:1"), Redactor(), clock=clock))
    with proxy(monkeypatch, trickle), pytest.raises(errors.NotSent):
        client.create_integration(**XERO)  # type: ignore[arg-type]
    assert (trickle.answers, trickle.has_left) == (1, True)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("REQUESTS_CA_BUNDLE", "/nonexistent.pem"),
        ("REQUESTS_CA_BUNDLE", __file__),
        ("https_proxy", "socks5h://127.0.0.1:1"),
    ],
    ids=["no such bundle", "no bundle", "socks"],
)
def test_an_environment_with_which_nothing_can_be_sent_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv(variable, value)
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(errors.NotSent) as raised:
            client_of(url).create_integration(**XERO)  # type: ignore[arg-type]
    assert raised.value.attempts == 1


def test_a_proxys_password_is_in_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://user:hunter2@127.0.0.1:99999")
    with pytest.raises(errors.NotSent) as raised:
        client_of("https://127.0.0.1:1").create_integration(**XERO)  # type: ignore[arg-type]
    assert "hunter2" not in str(raised.value)
