import threading
import time
from email.utils import formatdate

import pytest

from rootfi_pulumi.api.clock import CLOCK, Deadline
from rootfi_pulumi.api.rate_limit import RateLimiter, get_limiter, parse_reset, parse_retry_after
from tests.support.fake_clock import FakeClock
from tests.support.patience import PATIENCE

DATE = "Tue, 24 Nov 2026 12:00:00 GMT"
AT_DATE = 1795521600


def budget(remaining: int, reset: float = 60, limit: int = 100) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(reset),
    }


class Caller:
    """The calls of one thread, on a clock whose waits take no time."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.limiter = RateLimiter(self.clock)
        self.said: list[str] = []

    def acquire(self, timeout: float = 120) -> float:
        return self.limiter.acquire(Deadline(timeout, self.clock), self.said.append)

    def call(self, **headers: str) -> None:
        assert self.acquire() == 0
        self.limiter.release(headers)


@pytest.fixture
def caller() -> Caller:
    return Caller()


def test_nothing_waits_before_rootfi_announces_a_limit(caller: Caller) -> None:
    for _ in range(1000):
        caller.call()
    assert caller.clock.waits == []


def test_what_remains_is_spent_without_waiting(caller: Caller) -> None:
    caller.call(**budget(3))
    for _ in range(3):
        caller.call()
    assert caller.clock.waits == []


def test_once_the_budget_is_spent_the_next_waits_for_the_reset(caller: Caller) -> None:
    caller.call(**budget(3))
    for _ in range(4):
        caller.call()
    assert caller.clock.waits == [60]


def test_after_the_reset_there_is_a_new_budget(caller: Caller) -> None:
    caller.call(**budget(0, limit=2))
    for _ in range(2):
        caller.call()
    assert caller.clock.waits == [60]


def test_requests_under_way_count_as_spent(caller: Caller) -> None:
    for _ in range(4):
        caller.acquire()
    caller.limiter.release(budget(3))
    assert caller.acquire() == 0
    assert caller.clock.waits == [60]


def test_an_answer_that_was_overtaken_does_not_raise_the_budget(caller: Caller) -> None:
    for _ in range(2):
        caller.acquire()
    caller.limiter.release(budget(0))
    caller.limiter.release(budget(1))
    caller.acquire()
    assert caller.clock.waits == [60]


def test_a_request_without_an_answer_is_no_longer_under_way(caller: Caller) -> None:
    caller.acquire()
    caller.limiter.release({})
    caller.call(**budget(1))
    caller.call()
    assert caller.clock.waits == []


def test_a_wait_beyond_the_deadline_is_not_begun(caller: Caller) -> None:
    caller.call(**budget(0, reset=300))
    assert caller.acquire(timeout=120) == 300
    assert caller.clock.waits == []


def test_no_call_waits_once_the_clock_is_stopped(caller: Caller) -> None:
    caller.call(**budget(0))
    caller.clock.stop()
    assert caller.acquire() == 60


def test_a_noticeable_wait_is_reported_with_length_and_reason(caller: Caller) -> None:
    caller.call(**budget(0, reset=41))
    caller.call()
    assert caller.said == ["RootFi's rate limit is reached: waiting 41 s before the next request"]


def test_a_wait_of_two_seconds_is_not_worth_a_line(caller: Caller) -> None:
    caller.call(**budget(0, reset=2))
    caller.call()
    assert caller.clock.waits == [2]
    assert caller.said == []


def test_a_pause_holds_every_request(caller: Caller) -> None:
    caller.limiter.pause(30, caller.said.append)
    caller.call()
    assert caller.clock.waits == [30]


def test_threads_that_wait_for_one_reason_say_it_once(caller: Caller) -> None:
    for _ in range(4):
        caller.limiter.pause(30, caller.said.append)
    caller.call()
    assert len(caller.said) == 1


def test_an_answer_of_the_time_before_does_not_shorten_a_pause(caller: Caller) -> None:
    caller.acquire()
    caller.limiter.pause(30, caller.said.append)
    caller.limiter.release(budget(50, reset=1))
    caller.call()
    assert caller.clock.waits == [30]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Remaining": "0"},
        {"X-RateLimit-Remaining": "many", "X-RateLimit-Reset": "60"},
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"},
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "nan"},
        {"X-RateLimit-Remaining": "-1", "X-RateLimit-Reset": "60"},
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "86400"},
    ],
)
def test_headers_that_make_no_sense_are_not_obeyed(caller: Caller, headers: dict[str, str]) -> None:
    caller.call(**headers)
    caller.call()
    assert caller.clock.waits == []


def test_threads_share_the_budget_and_none_goes_over_it() -> None:
    clock = FakeClock()
    limiter = RateLimiter(clock)
    sent: list[float] = []

    def run() -> None:
        for _ in range(25):
            limiter.acquire(Deadline(10_000, clock), lambda _: None)
            sent.append(clock.now())
            in_period = sum(when >= clock.now() // 60 * 60 for when in sent)
            limiter.release(budget(10 - in_period, 60 - clock.now() % 60, limit=10))

    limiter.acquire(Deadline(1, clock), lambda _: None)
    limiter.release(budget(10, limit=10))
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    periods = [when // 60 for when in sent]
    assert len(sent) == 100
    assert max(map(periods.count, periods)) <= 10


@pytest.mark.parametrize(
    ("reset", "expected"),
    [
        ("60", 60),
        ("0.5", 0.5),
        ("0", 0),
        (str(AT_DATE + 41), 41),
        (str((AT_DATE + 41) * 1000), 41),
        (str(AT_DATE - 5), 0),
        (str(AT_DATE + 90_000), None),
        ("", None),
        ("inf", None),
    ],
)
def test_reset_is_read_in_seconds_epoch_seconds_or_epoch_milliseconds(
    reset: str, expected: float | None
) -> None:
    assert parse_reset({"X-RateLimit-Reset": reset, "Date": DATE}) == expected


def test_an_impossible_date_header_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: AT_DATE)
    headers = {"X-RateLimit-Reset": str(AT_DATE + 100), "Date": "Fri, 31 Dec 99999 23:59:59 GMT"}
    assert parse_reset(headers) == 100


def test_an_epoch_without_a_date_header_is_compared_with_the_local_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "time", lambda: AT_DATE)
    assert parse_reset({"X-RateLimit-Reset": str(AT_DATE + 100)}) == 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120", 120),
        (" 7 ", 7),
        (formatdate(AT_DATE + 30, usegmt=True), 30),
        (formatdate(AT_DATE - 30, usegmt=True), 0),
        ("soon", None),
        ("-3", None),
        ("", None),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        (f"Fri, {'9' * 400} Dec 2026 23:59:59 GMT", None),
    ],
)
def test_retry_after_is_understood_in_seconds_and_as_a_date(text: str, expected: float | None) -> None:
    assert parse_retry_after({"Retry-After": text, "Date": DATE}) == expected


def test_a_key_has_one_limiter() -> None:
    assert get_limiter("one", CLOCK) is get_limiter("one", CLOCK)
    assert get_limiter("one", CLOCK) is not get_limiter("another", CLOCK)
