"""Faults of a connection: closed before or after the effect, delayed, or answered in a trickle."""

import socket
import time
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


def test_delay_comes_before_the_effect(
    emulator: Emulator, key: str, send: Send, call: Call, to_create: dict[str, Any]
) -> None:
    emulator.inject(Fault(delay=PATIENCE))
    send("POST", "/integrations", to_create)
    emulator.wait_for_requests(1)
    call("GET", "/integrations/1")
    assert (emulator.integrations(key), emulator.requests[0].status) == ([], None)


def test_delay_after_comes_between_effect_and_answer(
    emulator: Emulator, key: str, send: Send, call: Call, to_create: dict[str, Any]
) -> None:
    emulator.inject(Fault(delay_after=PATIENCE))
    send("POST", "/integrations", to_create)
    emulator.wait_for_requests(1)
    call("GET", "/integrations/1")
    assert (len(emulator.integrations(key)), emulator.requests[0].status) == (1, None)


def test_a_delayed_request_delays_no_other(emulator: Emulator, send: Send, post: Call) -> None:
    emulator.inject(Fault(delay=PATIENCE))
    send("GET", "/integrations/1")
    emulator.wait_for_requests(1)
    assert post().status_code == 200


def test_a_request_that_never_arrived_whole_is_not_recorded(
    emulator: Emulator, send: Send, call: Call, to_create: dict[str, Any]
) -> None:
    send("POST", "/integrations", to_create, missing=1).close()
    call("GET", "/integrations/1")
    assert emulator.calls == ["GET /integrations/1"]


def test_trickle_answers_the_whole_body(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(body="abcd", trickle=0.001))
    assert post().text == "abcd"


def test_trickle_waits_between_the_bytes(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(body="abcd", trickle=0.02))
    begin = time.monotonic()
    post()
    assert time.monotonic() - begin >= 0.05
