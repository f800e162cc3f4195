"""Waiting for requests and releasing them from a test's thread."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.emulator.events import Event
from rootfi_pulumi.emulator.faults import Target
from rootfi_pulumi.emulator.recording import RecordedRequest
from rootfi_pulumi.emulator.traffic import Traffic
from tests.support.patience import PATIENCE

InBackground = Callable[..., Future[requests.Response]]
Send = Callable[..., socket.socket]
Call = Callable[..., requests.Response]


def test_wait_for_requests_returns_when_enough_have_arrived(
    emulator: Emulator, in_background: InBackground
) -> None:
    answers = [in_background("GET", "/integrations/1") for _ in range(3)]
    emulator.wait_for_requests(3)
    assert len(emulator.requests) == 3
    assert [answer.result(PATIENCE).status_code for answer in answers] == [404] * 3


def test_wait_for_requests_wakes_as_soon_as_a_request_arrives(emulator: Emulator, call: Call) -> None:
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(emulator.wait_for_requests, 1, timeout=2 * PATIENCE)
        call("GET", "/integrations/1")
        assert waiting.result(PATIENCE) is None


def test_wait_for_requests_says_how_many_are_missing() -> None:
    with pytest.raises(TimeoutError, match=r"0 of 2 requests have arrived after 0 s"):
        Emulator().wait_for_requests(2, timeout=0)


@pytest.mark.parametrize("wait", [lambda it: it.wait_for_requests(1), lambda it: it.wait_until_held()])
def test_waits_end_after_the_emulators_patience(wait: Callable[[Emulator], None]) -> None:
    with pytest.raises(TimeoutError, match=r"after 0\.01 s"):
        wait(Emulator(patience=0.01))


def test_wait_until_held_says_how_many_are_missing() -> None:
    with pytest.raises(TimeoutError, match=r"0 of 1 requests are held after 0 s"):
        Emulator().wait_until_held(timeout=0)


def test_whoever_sees_a_request_in_the_log_can_release_it(
    emulator: Emulator, in_background: InBackground
) -> None:
    for count in range(1, 51):
        emulator.inject(Fault(hold=True))
        answer = in_background("GET", "/integrations/1")
        emulator.wait_for_requests(count)
        emulator.release()
        assert answer.result(PATIENCE).status_code == 404


def test_release_lets_all_held_requests_go(emulator: Emulator, in_background: InBackground) -> None:
    emulator.inject(Fault(hold=True, times=None))
    answers = [in_background("GET", "/integrations/1") for _ in range(3)]
    emulator.wait_until_held(3)
    emulator.release()
    assert [answer.result(PATIENCE).status_code for answer in answers] == [404] * 3


def test_release_does_not_count_for_later_requests(emulator: Emulator, in_background: InBackground) -> None:
    emulator.inject(Fault(hold=True, times=None))
    emulator.release()
    answer = in_background("GET", "/integrations/1")
    emulator.wait_until_held()
    assert not answer.done()
    emulator.release()


def test_released_requests_are_held_no_more(emulator: Emulator, in_background: InBackground) -> None:
    emulator.inject(Fault(hold=True))
    answer = in_background("GET", "/integrations/1")
    emulator.wait_until_held()
    emulator.release()
    with pytest.raises(TimeoutError):
        emulator.wait_until_held(timeout=0)
    answer.result(PATIENCE)


def test_release_without_a_held_request_does_nothing(emulator: Emulator, call: Call) -> None:
    emulator.release()
    assert call("GET", "/integrations/1").status_code == 404


def test_release_after_the_end_does_nothing(emulator: Emulator, send: Send) -> None:
    emulator.inject(Fault(hold=True))
    send("GET", "/integrations/1")
    emulator.wait_until_held()
    emulator.__exit__(None, None, None)
    emulator.release()


def test_a_request_that_is_over_is_news() -> None:
    traffic = Traffic()
    request = RecordedRequest("GET", "/", None, {}, None)
    arrival = traffic.arrive(request, Target(None, None, None), Event.expected(request, None, None))
    seen = traffic.since(0, newest=1).revision
    traffic.finish(arrival)
    assert traffic.since(seen, newest=1).arrivals == [arrival]


def test_reset_lets_held_requests_go(emulator: Emulator, in_background: InBackground) -> None:
    emulator.inject(Fault(hold=True))
    answer = in_background("GET", "/integrations/1")
    emulator.wait_until_held()
    emulator.reset()
    assert answer.result(PATIENCE).status_code == 401


def test_reset_empties_the_log_and_drops_faults(emulator: Emulator, call: Call) -> None:
    call("GET", "/integrations/1")
    emulator.inject(Fault(status=599, times=None))
    emulator.reset()
    assert emulator.requests == []
    assert call("GET", "/integrations/1").status_code == 401


def test_state_can_be_changed_while_requests_arrive(emulator: Emulator, key: str, call: Call) -> None:
    def change() -> None:
        for _ in range(200):
            added = emulator.add_integration(key, integration_type="XERO", client_id="a", client_secret="b")
            emulator.edit(added.rootfi_id, is_disabled=True)
            emulator.integrations(key)
            emulator.remove(added.rootfi_id)

    thread = threading.Thread(target=change)
    thread.start()
    statuses = {call("GET", f"/integrations/{1234 + number}").status_code for number in range(50)}
    thread.join()
    assert statuses <= {200, 404}


def test_a_request_is_in_the_log_before_its_fault(
    emulator: Emulator, in_background: InBackground, to_create: dict[str, Any]
) -> None:
    emulator.inject(Fault(hold=True))
    answer = in_background("POST", "/integrations", to_create)
    emulator.wait_for_requests(1)
    recorded = (emulator.calls, emulator.requests[0].status)
    emulator.release()
    answer.result(PATIENCE)
    assert recorded == (["POST /integrations"], None)


def test_hold_comes_before_the_effect(
    emulator: Emulator,
    key: str,
    in_background: InBackground,
    to_create: dict[str, Any],
) -> None:
    emulator.inject(Fault(hold=True))
    answer = in_background("POST", "/integrations", to_create)
    emulator.wait_until_held()
    before = emulator.integrations(key)
    emulator.release()
    assert (before, answer.result(PATIENCE).status_code) == ([], 200)


def test_hold_comes_after_the_effect_with_processed(
    emulator: Emulator,
    key: str,
    in_background: InBackground,
    to_create: dict[str, Any],
) -> None:
    emulator.inject(Fault(hold=True, processed=True))
    answer = in_background("POST", "/integrations", to_create)
    emulator.wait_until_held()
    before = len(emulator.integrations(key))
    emulator.release()
    assert (before, answer.result(PATIENCE).json()["data"]["rootfi_id"]) == (1, 1234)


@pytest.mark.parametrize("processed", [False, True])
def test_a_held_request_can_get_a_status(
    emulator: Emulator,
    in_background: InBackground,
    to_create: dict[str, Any],
    processed: bool,
) -> None:
    emulator.inject(Fault(hold=True, processed=processed, status=503))
    answer = in_background("POST", "/integrations", to_create)
    emulator.wait_until_held()
    emulator.release()
    assert answer.result(PATIENCE).status_code == 503


def test_a_held_request_of_a_gone_client_takes_effect_on_release(
    emulator: Emulator, key: str, send: Send, call: Call, to_create: dict[str, Any]
) -> None:
    emulator.inject(Fault(hold=True))
    client = send("POST", "/integrations", to_create)
    emulator.wait_until_held()
    client.close()
    call("GET", "/integrations/1")
    emulator.release()
    call("GET", "/integrations/1")
    assert len(emulator.integrations(key)) == 1
