"""The documented rate limit: how requests count, what a response says, when a window ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, Fault, RateLimit
from rootfi_pulumi.emulator.rate_limit import Allowance, RateLimits

Call = Callable[..., requests.Response]

NOW = 1_700_000_000.25
HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> RateLimits:
    """Two requests a minute."""
    limits = RateLimits(clock)
    limits.limit = RateLimit(requests=2)
    return limits


def spend(limits: RateLimits, count: int = 1, organisation_id: int | None = 123) -> Allowance:
    """Count this many requests and return the allowance of the last one."""
    found = [limits.spend(organisation_id) for _ in range(count)][-1]
    assert found
    return found


def found_after(limit: RateLimit, seconds: float) -> Allowance:
    """Return the allowance of a request this many seconds before its window ends."""
    return Allowance(limit, -1, NOW + seconds)


def test_the_default_is_what_rootfi_documents() -> None:
    assert RateLimit() == RateLimit(requests=100, seconds=60.0, reset="seconds", retry_after=None)


@pytest.mark.parametrize(
    "members",
    [{"requests": 0}, {"seconds": 0}, {"seconds": float("inf")}, {"reset": "minutes"}, {"burst": 200}],
)
def test_a_limit_that_makes_no_sense_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(members))):
        RateLimit(**members)


def test_each_request_leaves_one_less(limits: RateLimits) -> None:
    assert [spend(limits).remaining for _ in range(2)] == [1, 0]


def test_a_request_beyond_the_limit_is_refused(limits: RateLimits) -> None:
    assert [spend(limits).is_spent for _ in range(4)] == [False, False, True, True]


def test_the_first_request_opens_the_window(limits: RateLimits, clock: Clock) -> None:
    first = spend(limits)
    clock.now += 30
    assert (first.ends, spend(limits).ends) == (NOW + 60, NOW + 60)


def test_a_spent_window_stays_spent_to_its_end(limits: RateLimits, clock: Clock) -> None:
    spend(limits, 2)
    clock.now += 59.999
    assert spend(limits).is_spent


def test_the_window_after_it_is_a_whole_one(limits: RateLimits, clock: Clock) -> None:
    spend(limits, 3)
    clock.now += 60
    found = spend(limits)
    assert (found.remaining, found.ends) == (1, NOW + 120)


def test_organisations_spend_their_own(limits: RateLimits) -> None:
    spend(limits, 3, organisation_id=123)
    assert spend(limits, organisation_id=124).remaining == 1


def test_a_request_without_an_organisation_is_not_limited(limits: RateLimits) -> None:
    assert limits.spend(None) is None


def test_another_limit_begins_all_windows_afresh(limits: RateLimits) -> None:
    spend(limits, 3)
    limits.limit = RateLimit(requests=3)
    assert spend(limits).remaining == 2


@pytest.mark.parametrize(
    ("reset", "window", "left", "answered"),
    [
        ("seconds", 60, 30.001, "31"),
        ("seconds", 60, 30, "30"),
        ("seconds", 0.5, 0.2001, "0.201"),
        ("seconds", 60, -1, "0"),
        ("epoch_seconds", 60, 30, "1700000031"),
        ("epoch_seconds", 0.5, 0.2, "1700000000.450"),
        ("epoch_milliseconds", 60, 30, "1700000030250"),
        ("epoch_milliseconds", 60, 30.0001, "1700000030251"),
    ],
)
def test_reset_is_sent_in_its_unit_and_never_too_early(
    reset: Any, window: float, left: float, answered: str
) -> None:
    found = found_after(RateLimit(seconds=window, reset=reset), left)
    assert found.headers(NOW)["x-ratelimit-reset"] == answered


@pytest.mark.parametrize(
    ("retry_after", "left", "answered"),
    [
        (None, 30, None),
        ("seconds", 30, "30"),
        ("seconds", 0.2, "1"),
        ("date", 30, "Tue, 14 Nov 2023 22:13:51 GMT"),
        ("date", 29.75, "Tue, 14 Nov 2023 22:13:50 GMT"),
    ],
)
def test_retry_after_is_valid_http_and_never_too_early(
    retry_after: Any, left: float, answered: str | None
) -> None:
    found = found_after(RateLimit(retry_after=retry_after), left)
    assert found.refusal(NOW).headers.get("retry-after") == answered


def test_nothing_left_is_sent_as_0(limits: RateLimits) -> None:
    assert spend(limits, 5).headers(NOW)["x-ratelimit-remaining"] == "0"


def test_without_a_limit_no_answer_has_a_header_of_it(call: Call) -> None:
    assert not set(HEADERS) & set(call("GET", "/integrations/1").headers)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/integrations", 400),
        ("GET", "/integrations/1", 404),
        ("DELETE", "/integrations/1", 405),
        ("GET", "/elsewhere", 404),
    ],
)
def test_with_a_limit_every_answer_has_all_its_headers(
    emulator: Emulator, call: Call, method: str, path: str, status: int
) -> None:
    emulator.rate_limit = RateLimit(seconds=3600)
    answer = call(method, path)
    limit, remaining, reset = (answer.headers[name] for name in HEADERS)
    assert (answer.status_code, limit, remaining) == (status, "100", "99")
    assert 3000 < int(reset) <= 3600


def test_an_answer_without_a_known_key_has_none(emulator: Emulator, call: Call) -> None:
    emulator.rate_limit = RateLimit()
    answer = call("GET", "/integrations/1", headers={"api_key": "unknown"})
    assert (answer.status_code, set(HEADERS) & set(answer.headers)) == (401, set())


@pytest.fixture
def spent(emulator: Emulator, call: Call) -> Emulator:
    """An emulator whose organisation has no request left for an hour, its log empty."""
    emulator.rate_limit = RateLimit(requests=1, seconds=3600, retry_after="seconds")
    call("GET", "/integrations/1")
    emulator.forget_requests()
    return emulator


def test_a_spent_limit_is_429_in_rootfis_shape(spent: Emulator, call: Call) -> None:
    answer = call("GET", "/integrations/1")
    error = {"message": "Too Many Requests", "code": "too-many-requests", "field": ""}
    assert (answer.status_code, answer.json()) == (429, {"error": error})


def test_a_refusal_says_when_to_retry(spent: Emulator, call: Call) -> None:
    headers = call("GET", "/integrations/1").headers
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("1", "0")
    told = [int(headers[name]) for name in ("Retry-After", "X-RateLimit-Reset")]
    assert [3000 < seconds <= 3600 for seconds in told] == [True, True]


def test_a_refused_request_is_recorded_without_effect(
    spent: Emulator, call: Call, key: str, to_create: dict[str, Any]
) -> None:
    call("POST", "/integrations", to_create)
    assert (spent.requests[0].status, spent.integrations(key)) == (429, [])


def test_a_refused_request_leaves_the_fault_to_another(spent: Emulator, call: Call) -> None:
    spent.inject(Fault(status=503))
    statuses = [call("GET", "/integrations/1").status_code]
    spent.rate_limit = None
    statuses.append(call("GET", "/integrations/1").status_code)
    assert statuses == [429, 503]


def test_a_fault_that_meets_a_request_spends_it_all_the_same(emulator: Emulator, call: Call) -> None:
    emulator.rate_limit = RateLimit(requests=1, seconds=3600)
    emulator.inject(Fault(status=503))
    assert [call("GET", "/integrations/1").status_code for _ in range(2)] == [503, 429]


def test_a_fault_can_announce_another_limit(emulator: Emulator, call: Call) -> None:
    emulator.rate_limit = RateLimit()
    emulator.inject(Fault(headers={"X-RateLimit-Remaining": "soon"}))
    assert call("GET", "/integrations/1").headers["X-RateLimit-Remaining"] == "soon"


def test_control_routes_are_not_limited(spent: Emulator, call: Call) -> None:
    answer = call("GET", "/_emulator/requests")
    assert (answer.status_code, set(HEADERS) & set(answer.headers)) == (200, set())


def test_reset_takes_the_limit_away(spent: Emulator) -> None:
    spent.reset()
    assert spent.rate_limit is None


def test_a_window_that_has_ended_lets_requests_through_again(emulator: Emulator, call: Call) -> None:
    emulator.rate_limit = RateLimit(requests=1, seconds=0.001)
    call("GET", "/integrations/1")
    assert any(call("GET", "/integrations/1").status_code == 404 for _ in range(100))


def test_of_many_requests_at_once_as_many_as_allowed_get_through(emulator: Emulator, call: Call) -> None:
    emulator.rate_limit = RateLimit(requests=20, seconds=3600)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: call("GET", "/integrations/1").status_code, range(50)))
    assert (statuses.count(404), statuses.count(429)) == (20, 30)
