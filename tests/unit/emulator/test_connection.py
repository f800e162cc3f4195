"""A fault closes the connection, before or after the effect, or writes bytes that are not HTTP."""

import socket
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.patience import PATIENCE

Call = Callable[..., requests.Response]
InBackground = Callable[..., Future[requests.Response]]
Send = Callable[..., socket.socket]


@pytest.fixture
def post(call: Call, to_create: dict[str, Any]) -> Call:
    return lambda **options: call("POST", "/integrations", to_create, **options)


def test_hang_up_before_closes_the_connection_without_effect(
    emulator: Emulator, key: str, post: Call
) -> None:
    emulator.inject(Fault(hang_up="before"))
    with pytest.raises(requests.ConnectionError):
        post()
    assert emulator.integrations(key) == []


def test_hang_up_after_closes_the_connection_after_the_effect(
    emulator: Emulator, key: str, post: Call
) -> None:
    emulator.inject(Fault(hang_up="after"))
    with pytest.raises(requests.ConnectionError):
        post()
    assert len(emulator.integrations(key)) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_request_that_is_hung_up_on_has_no_status(emulator: Emulator, post: Call, when: Any) -> None:
    emulator.inject(Fault(hang_up=when))
    with pytest.raises(requests.ConnectionError):
        post()
    assert emulator.requests[0].status is None


@pytest.mark.parametrize("when", ["before", "after"])
def test_hang_up_logs_nothing(
    emulator: Emulator, post: Call, when: Any, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.inject(Fault(hang_up=when))
    with pytest.raises(requests.ConnectionError):
        post()
    post()
    assert caplog.records == []


def test_hang_up_leaves_other_connections_alone(
    emulator: Emulator,
    key: str,
    in_background: InBackground,
    to_create: dict[str, Any],
    post: Call,
) -> None:
    emulator.inject(Fault(hold=True))
    held = in_background("POST", "/integrations", to_create)
    emulator.wait_until_held()
    emulator.inject(Fault(hang_up="before"))
    with pytest.raises(requests.ConnectionError):
        post()
    emulator.release()
    assert held.result(PATIENCE).status_code == 200


def test_raw_is_all_that_is_written_before_the_connection_is_closed(
    emulator: Emulator, send: Send, to_create: dict[str, Any]
) -> None:
    emulator.inject(Fault(raw=b"SSH-2.0\r\n\x00\xff"))
    connection = send("POST", "/integrations", to_create)
    connection.settimeout(PATIENCE)
    assert connection.makefile("rb").read() == b"SSH-2.0\r\n\x00\xff"


def test_raw_logs_nothing(emulator: Emulator, post: Call, caplog: pytest.LogCaptureFixture) -> None:
    emulator.inject(Fault(raw=b"HTTP/1.0 204 No Content\r\n\r\n"))
    post()
    post()
    assert caplog.records == []
