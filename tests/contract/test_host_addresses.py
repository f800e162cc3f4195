"""A resolver that does not respond cannot block a call beyond its deadline."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from rootfi_pulumi.api import errors
from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.api.transport import Transport
from rootfi_pulumi.emulator import Emulator
from tests.support.systems import LINUX

# Seconds. A DNS lookup that blocks the call would take until the test's timeout.
TIMEOUT = 0.5


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Replace the resolver with one that blocks until the test ends; return the names it is asked for."""
    asked: list[str] = []
    over = threading.Event()

    def wait(host: str, *_: object, **__: object) -> None:
        asked.append(host)
        over.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    yield asked
    over.set()


def client(url: str) -> RootFiClient:
    return RootFiClient(Transport(Settings("key", url, TIMEOUT), Redactor()))


def test_look_up_ends_with_the_time_for_the_call(silent: list[str]) -> None:
    began = time.monotonic()
    with pytest.raises(errors.NotSent, match=r"the DNS lookup of api\.example timed out: nothing"):
        client("https://api.example").get_integration(1)
    assert TIMEOUT <= time.monotonic() - began < 20 * TIMEOUT
    assert silent == ["api.example"]


def test_look_up_of_a_proxy_ends_in_time_too(silent: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    with pytest.raises(errors.BadProxy, match=r"proxy: the DNS lookup of proxy\.example timed out"):
        client("https://api.example").get_integration(1)
    assert silent == ["proxy.example"]


@LINUX
def test_each_address_of_a_name_is_tried(
    emulator: Emulator, api_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two(host: str, port: int, *_: object, **__: object) -> list[object]:
        known = {"localhost": ["127.0.0.2", "127.0.0.1"]}.get(host, [host])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    url = emulator.url.replace("127.0.0.1", "localhost")
    made = RootFiClient(Transport(Settings(api_key, url), Redactor())).create_integration(
        integration_type="XERO", client_id="app", client_secret="s", is_rootfi_identity=False
    )
    assert made.rootfi_id == 1234
    assert emulator.calls == ["POST /integrations"]
