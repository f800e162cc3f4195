from collections.abc import Callable

import pytest

from rootfi_pulumi.api.clock import Deadline
from rootfi_pulumi.api.errors import (
    LimitSpent,
    NoAnswer,
    NotSent,
    RootFiError,
    UnreadableAnswer,
    error_class,
)
from rootfi_pulumi.api.retries import RetryPolicy, may_retry
from tests.support.fake_clock import FakeClock

WHERE = ("GET", "/integrations/1", "why")
YES, NO = True, False


def answer(status: int) -> RootFiError:
    return error_class(status)(*WHERE, status=status)


@pytest.mark.parametrize(
    ("error", "get_and_put", "post"),
    [
        (NotSent(*WHERE), YES, YES),
        (NotSent(*WHERE, is_lasting=True), NO, NO),
        (LimitSpent(*WHERE), NO, NO),
        (NoAnswer(*WHERE), YES, NO),
        (UnreadableAnswer(*WHERE), NO, NO),
        (RootFiError(*WHERE), NO, NO),
        (answer(302), NO, NO),
        (answer(400), NO, NO),
        (answer(401), NO, NO),
        (answer(403), NO, NO),
        (answer(404), NO, NO),
        (answer(408), NO, NO),
        (answer(409), NO, NO),
        (answer(422), NO, NO),
        (answer(429), YES, YES),
        (answer(500), NO, NO),
        (answer(501), NO, NO),
        (answer(502), YES, NO),
        (answer(503), YES, YES),
        (answer(504), YES, NO),
        (answer(520), NO, NO),
    ],
    ids=lambda value: (
        f"{type(value).__name__}-{getattr(value, 'status', '')}" if isinstance(value, Exception) else ""
    ),
)
def test_what_may_be_sent_again(error: RootFiError, get_and_put: bool, post: bool) -> None:
    answers = [may_retry(method, error) for method in ("GET", "PUT", "POST")]
    assert answers == [get_and_put, get_and_put, post]


class Weather:
    """A call that fails with each error in turn, and the waits between its attempts."""

    def __init__(self, *errors: RootFiError) -> None:
        self.clock = FakeClock()
        self.deadline = Deadline(120, self.clock)
        self.errors = list(errors)
        self.told: list[float] = []
        self.asked = 0

    def call(self) -> str:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return "answer"

    def run(self, method: str = "GET", policy: RetryPolicy | None = None) -> str:
        def tell(_: RootFiError, wait: float) -> None:
            self.told.append(wait)

        retrying = (policy or RetryPolicy()).retrying(method, self.deadline, self.clock, tell)
        return str(retrying(self.call))


def asking_to_wait(seconds: float) -> RootFiError:
    error = answer(503)
    error.retry_after = seconds
    return error


def test_a_passing_failure_is_not_seen() -> None:
    assert Weather(NoAnswer(*WHERE), answer(502)).run() == "answer"


def test_what_may_not_be_repeated_is_asked_once() -> None:
    weather = Weather(answer(400))
    with pytest.raises(RootFiError):
        weather.run()
    assert weather.asked == 1


def test_the_waits_double_in_the_mean_up_to_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda _, highest: highest)
    weather = Weather(*(answer(503) for _ in range(7)))
    weather.run()
    assert weather.clock.waits == [0.5, 1, 2, 4, 8, 16, 20]


def test_each_wait_is_random_so_that_threads_do_not_retry_in_step() -> None:
    weathers = [Weather(answer(503)) for _ in range(20)]
    for weather in weathers:
        weather.run()
    waits = [weather.clock.waits[0] for weather in weathers]
    assert len(set(waits)) > 10
    assert all(0 <= wait <= 0.5 for wait in waits)


def test_a_wait_is_as_long_as_rootfi_asks() -> None:
    weather = Weather(asking_to_wait(30))
    weather.run()
    assert weather.clock.waits == [30]


def test_being_asked_to_come_at_once_is_no_reason_to_hammer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda _, highest: highest)
    weather = Weather(asking_to_wait(0))
    weather.run()
    assert weather.clock.waits == [0.5]


def test_no_wait_goes_on_until_there_is_no_time_for_an_answer() -> None:
    weather = Weather(asking_to_wait(116))
    with pytest.raises(RootFiError, match="asked to wait 116 s"):
        weather.run()
    assert weather.clock.waits == []


def test_a_call_that_keeps_failing_ends_by_its_deadline_with_the_last_error() -> None:
    weather = Weather(*(answer(503) for _ in range(1000)))
    with pytest.raises(RootFiError, match=r"503 why \(attempts: \d+\)") as raised:
        weather.run()
    assert weather.clock.now() < 120
    assert raised.value.attempts == weather.asked > 5


def test_each_wait_is_reported_before_it_begins() -> None:
    weather = Weather(asking_to_wait(3), asking_to_wait(4))
    weather.run()
    assert weather.told == weather.clock.waits


def test_a_stopped_clock_ends_the_repetitions() -> None:
    weather = Weather(*(answer(503) for _ in range(9)))
    weather.clock.stop()
    with pytest.raises(RootFiError):
        weather.run()
    assert weather.asked == 1


@pytest.mark.parametrize("error", [KeyError("a fault of ours"), KeyboardInterrupt()], ids=repr)
def test_what_is_no_failure_of_a_call_is_never_repeated(error: BaseException) -> None:
    def fail() -> None:
        raise error

    retry: Callable[..., object] = RetryPolicy().retrying("GET", Deadline(9), FakeClock(), lambda *_: None)
    with pytest.raises(type(error)):
        retry(fail)
