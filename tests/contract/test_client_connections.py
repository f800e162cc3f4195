"""What the client does if a connection fails: which requests were not sent, and which may have been."""

import socket
from typing import Any

import pytest
import requests
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    SSLError,
)

from rootfi_pulumi.api import errors
from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.contract.plugin import client_of
from tests.support.ports import reserved_port
from tests.support.systems import LINUX

XERO: dict[str, Any] = {
    "integration_type": "XERO",
    "client_id": "xero-app",
    "client_secret": "the-client-secret",
    "is_rootfi_identity": False,
}


def create(client: RootFiClient) -> Integration:
    return client.create_integration(**XERO)


def test_a_proxy_never_sees_the_key_of_a_plain_http_address(
    client: RootFiClient, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Emulator() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        create(client)
        assert proxy.calls == []
    assert emulator.calls == ["POST /integrations"]


def test_a_proxy_that_cannot_be_reached_is_one_plain_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    refused = r"proxy: Connection refused by 127\.0\.0\.1, port \d+: nothing was sent; check HTTPS_PROXY"
    with reserved_port() as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        with pytest.raises(errors.BadProxy, match=refused):
            create(client_of("https://api.rootfi.dev"))


@pytest.mark.parametrize("hang_up", ["before", "after"])
def test_a_hang_up_is_no_answer(client: RootFiClient, emulator: Emulator, hang_up: Any) -> None:
    emulator.inject(Fault(hang_up=hang_up))
    with pytest.raises(errors.NoAnswer, match="POST /integrations: the connection ended"):
        create(client)


def test_a_read_time_out_is_no_answer(
    client: RootFiClient, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rootfi_pulumi.api.connections.READ_TIMEOUT", 0.05)
    emulator.inject(Fault(hold=True))
    with pytest.raises(errors.NoAnswer, match=r"no answer within 0\.05 s"):
        create(client)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", pytest.param("127.1.2.3", marks=LINUX)])
def test_port_that_this_machine_refuses_is_asked_once(host: str) -> None:
    with reserved_port() as port, pytest.raises(errors.NotServed) as raised:
        create(client_of(f"http://{host}:{port}"))
    assert raised.value.attempts == 1
    assert str(raised.value).startswith(
        f"POST /integrations: Connection refused by {host}, port {port}: nothing was sent; start the server"
    )


@LINUX
def test_port_that_another_machine_refuses_is_asked_again() -> None:
    # 0.0.0.0 is not a loopback address, but on Linux it reaches this machine.
    with reserved_port() as port, pytest.raises(errors.NotSent, match=r"refused .*attempts: \d+") as raised:
        create(client_of(f"http://0.0.0.0:{port}"))
    assert not isinstance(raised.value, errors.NotServed)


@pytest.mark.parametrize("url", ["https://no-such-host.invalid", f"https://{'x' * 64}.invalid"])
def test_an_unknown_host_is_not_sent(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def know_none(host: str, *_: object, **__: object) -> None:
        # A network's resolver may be slow or resolve every name. An invalid name fails without it.
        host.encode("idna")
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", know_none)
    with pytest.raises(errors.NotSent):
        create(client_of(url))


def test_a_failed_tls_handshake_is_not_sent(emulator: Emulator) -> None:
    url = emulator.url.replace("http:", "https:")
    with pytest.raises(errors.NotSent, match="TLS"):
        create(client_of(url))
    assert emulator.calls == []


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (NewConnectionError(HTTPConnection("x"), "refused"), errors.NotSent),
        (ConnectTimeoutError("slow"), errors.NotSent),
        (ProxyError("no", NewConnectionError(HTTPConnection("x"), "refused")), errors.NotSent),
        # urllib3 also raises ProxyError if a connection through the proxy ends after the request.
        (ProxyError("no", OSError("ended")), errors.NoAnswer),
        # TLS fails while the response is read, after the request was sent.
        (SSLError("bad record"), errors.NoAnswer),
        (ProtocolError("cut off"), errors.NoAnswer),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_only_what_failed_before_the_request_was_written_is_not_sent(
    client: RootFiClient,
    monkeypatch: pytest.MonkeyPatch,
    reason: Exception,
    expected: type[errors.RootFiError],
) -> None:
    def fail(*_: object, **__: object) -> None:
        pool = HTTPConnectionPool("rootfi.example")
        raise requests.ConnectionError(MaxRetryError(pool, "/integrations", reason))

    monkeypatch.setattr("requests.Session.request", fail)
    with pytest.raises(expected):
        create(client)
