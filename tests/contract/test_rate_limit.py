"""Threads of one process wait for the rate limit instead of collecting 429s."""

import threading
from typing import Any

import pytest

from rootfi_pulumi.api import errors
from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.api.transport import Transport
from rootfi_pulumi.emulator import Emulator, Fault, RateLimit
from tests.support.fake_clock import FakeClock
from tests.support.patience import PATIENCE

XERO: dict[str, Any] = {
    "integration_type": "XERO",
    "client_id": "xero-app",
    "client_secret": "s",
    "is_rootfi_identity": False,
}
SPENT = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "41"}


def client_that_says(said: list[str], settings: Settings, **clock: Any) -> RootFiClient:
    return RootFiClient(Transport(settings, Redactor(), say=said.append, **clock))


@pytest.mark.parametrize("reset", ["seconds", "epoch_seconds", "epoch_milliseconds"])
def test_four_threads_spend_several_budgets_and_are_never_turned_away(emulator: Emulator, reset: Any) -> None:
    # On a busy machine ten requests may not fit into a short window. If threads did not wait for the next
    # window, a longer one would not help either.
    for window in (0.1, 1, 10):
        emulator.rate_limit = RateLimit(requests=10, seconds=window, reset=reset)
        statuses = statuses_of_four_threads(emulator)
        if set(statuses) == {200}:
            break
    assert statuses == [200] * 41


def statuses_of_four_threads(emulator: Emulator) -> list[int | None]:
    """Send 41 requests of a new organisation; return the statuses of the responses."""
    emulator.forget_requests()
    client = client_that_says([], Settings(emulator.add_organisation(), emulator.url))
    # The first response shows the limit.
    made = client.create_integration(**XERO)

    def read() -> None:
        for _ in range(10):
            client.get_integration(made.rootfi_id)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    return [request.status for request in emulator.requests]


def test_clients_of_one_key_share_the_budget(emulator: Emulator, api_key: str) -> None:
    clock = FakeClock()
    settings = Settings(api_key, emulator.url)
    one, other = (client_that_says([], settings, clock=clock) for _ in range(2))
    emulator.inject(Fault(headers=SPENT))
    one.create_integration(**XERO)
    other.get_integration(1234)
    assert clock.waits == [41]


def test_another_key_has_a_budget_of_its_own(emulator: Emulator, api_key: str) -> None:
    clock = FakeClock()
    emulator.inject(Fault(headers=SPENT))
    for key in (api_key, emulator.add_organisation()):
        client = client_that_says([], Settings(key, emulator.url), clock=clock)
        client.create_integration(**XERO)
    assert clock.waits == []


def test_a_spent_budget_is_reported_in_one_line(emulator: Emulator, api_key: str) -> None:
    said: list[str] = []
    client = client_that_says(said, Settings(api_key, emulator.url), clock=FakeClock())
    emulator.inject(Fault(headers=SPENT))
    client.create_integration(**XERO)
    client.get_integration(1234)
    assert said == ["RootFi's rate limit is reached: waiting 41 s before the next request"]


def test_a_429_makes_the_others_wait_and_is_reported_in_one_line(emulator: Emulator, api_key: str) -> None:
    said: list[str] = []
    clock = FakeClock()
    client = client_that_says(said, Settings(api_key, emulator.url), clock=clock)
    emulator.inject(Fault(status=429, headers={"Retry-After": "30"}))
    client.create_integration(**XERO)
    assert clock.waits == [30]
    assert said == ["RootFi's rate limit is reached: waiting 30 s before the next request"]


def test_a_429_beyond_the_deadline_stops_the_other_threads_too(emulator: Emulator, api_key: str) -> None:
    client = client_that_says([], Settings(api_key, emulator.url), clock=FakeClock())
    emulator.inject(Fault(status=429, headers={"Retry-After": "300"}, times=None))
    with pytest.raises(errors.RateLimited, match="asked to wait 300 s"):
        client.create_integration(**XERO)
    with pytest.raises(errors.LimitSpent):
        client.create_integration(**XERO)
    assert emulator.calls == ["POST /integrations"]


def test_a_429_without_any_hint_is_asked_again(emulator: Emulator, api_key: str) -> None:
    client = client_that_says([], Settings(api_key, emulator.url), clock=FakeClock())
    emulator.inject(Fault(status=429, times=5))
    client.create_integration(**XERO)
    assert len(emulator.calls) == 6


def test_a_budget_reset_after_the_deadline_is_an_error_without_a_request(
    emulator: Emulator, api_key: str
) -> None:
    client = client_that_says([], Settings(api_key, emulator.url), clock=FakeClock())
    emulator.inject(Fault(headers=SPENT | {"X-RateLimit-Reset": "300"}))
    client.create_integration(**XERO)
    with pytest.raises(
        errors.LimitSpent, match=r"GET /integrations/1234: RootFi's rate limit is reached for 300 s: "
    ):
        client.get_integration(1234)
    assert emulator.calls == ["POST /integrations"]
