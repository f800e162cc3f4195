"""The budget of requests, the waits, and what an answer is."""

from typing import Any

import pytest

from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.fake_clock import FakeClock
from tests.support.ports import reserved_port
from tools.live.exchange import Exchange, Sender, StopError


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def sender(emulator: Emulator, api_key: str, clock: FakeClock) -> Sender:
    return Sender(Settings(api_key, emulator.url), clock, lambda _: None, most=3)


def test_budget_is_never_exceeded(sender: Sender, emulator: Emulator) -> None:
    for _ in range(3):
        sender.send("GET", "1")
    with pytest.raises(StopError, match="the budget of 3 requests is spent"):
        sender.send("GET", "1")
    assert len(emulator.requests) == 3


def test_reserve_is_kept_for_the_clean_up(sender: Sender, clock: FakeClock) -> None:
    sender.reserve = 2
    sender.send("GET", "1")
    with pytest.raises(StopError):
        sender.send("GET", "1")
    sender.begin_clean_up(clock)
    assert sender.send("PUT", "1", {}).status == 400


def test_stopped_clock_ends_the_run_but_not_the_clean_up(sender: Sender, clock: FakeClock) -> None:
    clock.stop()
    with pytest.raises(StopError, match="interrupted"):
        sender.send("GET", "1")
    sender.begin_clean_up(FakeClock())
    assert sender.send("GET", "1").status == 404


@pytest.mark.parametrize(
    ("headers", "waits"),
    [({"Retry-After": "7"}, [7]), ({"X-RateLimit-Reset": "9"}, [9]), ({}, [60])],
)
def test_429_is_sent_once_more_after_the_wait(
    sender: Sender, emulator: Emulator, clock: FakeClock, headers: dict[str, str], waits: list[float]
) -> None:
    emulator.inject(Fault(status=429, headers=headers))
    assert sender.send("GET", "1").status == 404
    assert (clock.waits, [each.status for each in sender.exchanges]) == (waits, [429, 404])


def test_second_429_is_the_answer(sender: Sender, emulator: Emulator) -> None:
    emulator.inject(Fault(status=429, times=None))
    assert (sender.send("GET", "1").status, len(emulator.requests)) == (429, 2)


def test_id_is_quoted_in_the_path(sender: Sender, emulator: Emulator) -> None:
    sender.send("GET", "../a?b")
    assert emulator.calls == ["GET /integrations/../a?b"]


def test_redirect_is_not_followed(sender: Sender, emulator: Emulator) -> None:
    emulator.inject(Fault(status=302, headers={"Location": f"{emulator.url}/integrations/2"}))
    assert (sender.send("GET", "1").status, len(emulator.requests)) == (302, 1)


def test_lost_answer_may_have_arrived(sender: Sender, emulator: Emulator) -> None:
    emulator.inject(Fault(hang_up="after"))
    exchange = sender.send("POST", body={})
    assert (exchange.status, exchange.failure, exchange.may_have_arrived) == (
        None,
        "no answer (ConnectionError)",
        True,
    )


def test_refused_connection_has_not_arrived(clock: FakeClock) -> None:
    with reserved_port() as port:
        sender = Sender(Settings("key", f"http://127.0.0.1:{port}"), clock, lambda _: None)
        exchange = sender.send("POST", body={})
    assert (exchange.failure, exchange.may_have_arrived) == ("no connection", False)


@pytest.mark.parametrize(
    ("body", "envelope", "integration"),
    [
        ({"data": {"rootfi_id": 1}}, "wrapped", {"rootfi_id": 1}),
        ({"rootfi_id": 1}, "bare", {"rootfi_id": 1}),
        ({"data": {}}, None, {}),
        ([], None, {}),
        (None, None, {}),
    ],
)
def test_envelope_is_found(body: Any, envelope: str | None, integration: dict[str, Any]) -> None:
    exchange = Exchange("GET", 200, body=body)
    assert (exchange.envelope, exchange.integration) == (envelope, integration)


@pytest.mark.parametrize(
    ("status", "is_success", "is_refusal"),
    [
        (200, True, False),
        (299, True, False),
        (301, False, True),
        (404, False, True),
        (500, False, False),
        (503, False, True),
        (None, False, False),
    ],
)
def test_status_says_whether_it_had_an_effect(status: int | None, is_success: bool, is_refusal: bool) -> None:
    exchange = Exchange("POST", status)
    assert (exchange.is_success, exchange.is_refusal) == (is_success, is_refusal)


def test_exchange_repr_hides_the_answer() -> None:
    assert "2710" not in repr(Exchange("GET", 200, {"x": "2710"}, {"client_secret": "2710"}))
