import pytest

from rootfi_pulumi.api.clock import Clock, Deadline
from tests.support.fake_clock import FakeClock


def test_a_stopped_clock_waits_for_nothing() -> None:
    clock = Clock()
    clock.stop()
    clock.sleep(3600)
    assert clock.is_stopped


def test_the_clock_goes_forward() -> None:
    clock = Clock()
    before = clock.now()
    clock.sleep(0.001)
    assert clock.now() > before


def test_a_deadline_returns_the_seconds_that_are_left() -> None:
    clock = FakeClock()
    deadline = Deadline(10, clock)
    clock.sleep(4)
    assert deadline.left() == 6


@pytest.mark.parametrize(
    ("timeout", "wait", "expected"),
    [(120, 115, True), (120, 116, False), (120, 500, False), (4, 2, True), (4, 3, False)],
)
def test_a_wait_that_leaves_no_time_for_an_answer_is_not_allowed(
    timeout: float, wait: float, expected: bool
) -> None:
    assert Deadline(timeout, FakeClock()).allows(wait) is expected


def test_after_the_deadline_nothing_is_left() -> None:
    clock = FakeClock()
    deadline = Deadline(10, clock)
    clock.sleep(11)
    assert deadline.left() == 0
