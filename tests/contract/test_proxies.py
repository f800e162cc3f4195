"""Requests to RootFi through a proxy: which of them were certainly not sent, and their deadline."""

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from rootfi_pulumi.api import errors
from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.api.transport import Transport
from tests.support.contract.plugin import client_of
from tests.support.contract.raw_server import Trickle, read_head, serving
from tests.support.contract.tls_server import secure
from tests.support.fake_clock import FakeClock
from tests.support.patience import PATIENCE
from tests.support.ports import reserved_port

XERO: dict[str, Any] = {
    "integration_type": "XERO",
    "client_id": "xero-app",
    "client_secret": "s",
    "is_rootfi_identity": False,
}
TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A CA that is trusted."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    return authority


@pytest.fixture
def rootfi(authority: trustme.CA) -> ssl.SSLContext:
    """Make a server on this machine a trusted RootFi."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@contextmanager
def proxy(monkeypatch: pytest.MonkeyPatch, serve: Callable[[socket.socket], None]) -> Iterator[None]:
    """Serve each connection to the environment's proxy with a function, one at a time."""
    with serving(serve, read=read_head) as address:
        use_proxy(monkeypatch, f"http://{address}")
        yield


def use_proxy(monkeypatch: pytest.MonkeyPatch, value: str, variable: str = "https_proxy") -> None:
    """Set a proxy in the environment, for this machine as well."""
    for name in ("no_proxy", "NO_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)


def create(url: str) -> None:
    client_of(url).create_integration(**XERO)


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
        create("https://127.0.0.1:1")
    assert arrived == [b"POST"]


def test_a_proxy_whose_answer_trickles_ends_with_the_time_for_the_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = FakeClock()
    trickle = Trickle(clock, b"HTTP/1.1 200 OK\r\nX-Endless: ")
    client = RootFiClient(Transport(Settings("key", "https://127.0.0.1:1"), Redactor(), clock=clock))
    with proxy(monkeypatch, trickle), pytest.raises(errors.NotSent):
        client.create_integration(**XERO)
    assert (trickle.answers, trickle.has_left) == (1, True)


def test_proxy_over_tls_is_trusted_by_the_same_authorities(
    authority: trustme.CA, rootfi: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived: list[bytes] = []

    def lead_to_rootfi(connection: socket.socket) -> None:
        with rootfi.wrap_socket(connection, server_side=True) as secured:
            arrived.append(read_head(secured).split()[0])
            secured.sendall(TUNNEL)
            with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as beyond:
                relay(secured, beyond)

    with (
        secure(authority.issue_cert("127.0.0.1")) as url,
        serving(lead_to_rootfi, read=lambda _: None) as address,
    ):
        use_proxy(monkeypatch, f"https://{address}")
        create(url)
    assert arrived == [b"CONNECT"]


def relay(one: socket.socket, other: socket.socket) -> None:
    """Forward bytes in both directions until one side closes."""

    def back() -> None:
        with contextlib.suppress(OSError):
            while received := other.recv(65536):
                one.sendall(received)

    thread = threading.Thread(target=back)
    thread.start()
    while received := one.recv(65536):
        other.sendall(received)
    thread.join(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("REQUESTS_CA_BUNDLE", "/nonexistent.pem"), ("REQUESTS_CA_BUNDLE", __file__)],
    ids=["no such bundle", "no bundle"],
)
def test_an_unusable_environment_is_an_error_after_one_attempt(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv(variable, value)
        with pytest.raises(errors.NotSent) as raised:
            create(f"https://127.0.0.1:{server.getsockname()[1]}")
    assert raised.value.attempts == 1


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("//user:hunter2@", "is not a proxy's address"),
        ("http://user:hunter2@", "is not a proxy's address"),
        ("http://user:hunter2@127.0.0.1:99999", "is not a proxy's address"),
        ("http://user:hunter2@127.0.0.1:port", "is not a proxy's address"),
        ("http://user:hunter2/@127.0.0.1:1", "is not a proxy's address"),
        ("http://usér:hunter2€@127.0.0.1:1", "is not a proxy's address"),
        ("http://:3128", "names no host"),
        ("ftp://user:hunter2@127.0.0.1:21", "has a scheme that is not supported"),
        ("socks5h://user:hunter2@127.0.0.1:1", "has a scheme that is not supported"),
    ],
)
def test_unusable_proxy_is_named_by_its_variable_alone(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, problem: str
) -> None:
    use_proxy(monkeypatch, value, variable)
    with pytest.raises(errors.BadProxy) as raised:
        create("https://127.0.0.1:1")
    text = str(raised.value)
    assert text.startswith(
        f"POST /integrations: {variable} {problem}: write it like http://proxy.example:3128"
    )
    assert "hunter" not in text
    assert raised.value.attempts == 1


@given(
    value=st.text(alphabet="htps:/@.[]#?%user0129 -é€_\\", max_size=25),
    prefix=st.sampled_from(["", "http://"]),
)
def test_any_text_for_a_proxy_is_certainly_not_sent(value: str, prefix: str) -> None:
    def know_none(host: str, *_: object, **__: object) -> None:
        host.encode("idna")
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(socket, "getaddrinfo", know_none)
        use_proxy(monkeypatch, prefix + value)
        with pytest.raises(errors.NotSent):
            create("https://127.0.0.1:1")


def test_unusable_proxy_that_is_not_needed_is_not_looked_at(
    rootfi: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_proxy(monkeypatch, "//user:hunter2@")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with reserved_port() as port, pytest.raises(errors.NotServed):
        create(f"https://127.0.0.1:{port}")
