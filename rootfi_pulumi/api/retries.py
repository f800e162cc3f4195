"""Which failed requests are sent again, when, and for how long."""

from collections.abc import Callable
from dataclasses import dataclass

from tenacity import RetryCallState, Retrying, wait_random_exponential

from rootfi_pulumi.api.clock import Clock, Deadline
from rootfi_pulumi.api.errors import ErrorAnswer, NoAnswer, NotSent, RootFiError
from rootfi_pulumi.api.outcome import Outcome, classify

# Too many requests, and what a proxy says while the server behind it is away.
_PASSING = {429, 502, 503, 504}


def may_repeat(method: str, error: RootFiError) -> bool:
    """Tell whether a request that failed like this may be sent again and could fare better.

    A POST may only when it certainly created nothing; GET and PUT do no harm a second time.
    """
    if method == "POST" and classify(error) is Outcome.UNKNOWN:
        return False
    if isinstance(error, NotSent):
        return not error.is_lasting
    if isinstance(error, ErrorAnswer):
        return error.status in _PASSING
    return isinstance(error, NoAnswer)


@dataclass(frozen=True)
class RetryPolicy:
    """Seconds. Each wait is a random part of one that doubles from `first_wait` up to `longest_wait`.

    RootFi's `Retry-After` lengthens it. No wait goes beyond the call's deadline: the call fails instead.
    """

    first_wait: float = 0.5
    longest_wait: float = 20

    def retrying(
        self, method: str, deadline: Deadline, clock: Clock, before_wait: Callable[[RootFiError, float], None]
    ) -> Retrying:
        """Return what calls a function until it succeeds, must not be repeated, or the time is over.

        `before_wait` is told each failure that is to be repeated, and the seconds until then. What is raised
        is the last failure, with the number of its `attempts`.
        """
        backoff = wait_random_exponential(multiplier=self.first_wait, max=self.longest_wait)

        def wait(state: RetryCallState) -> float:
            return max(backoff(state), _failure(state).retry_after or 0)

        def stop(state: RetryCallState) -> bool:
            return clock.is_stopped or not deadline.allows(state.upcoming_sleep)

        def is_to_repeat(state: RetryCallState) -> bool:
            error = state.outcome.exception() if state.outcome else None
            if not isinstance(error, RootFiError):
                return False
            error.attempts = state.attempt_number
            return may_repeat(method, error)

        return Retrying(
            retry=is_to_repeat,
            wait=wait,
            stop=stop,
            before_sleep=lambda state: before_wait(_failure(state), state.upcoming_sleep),
            sleep=clock.sleep,
            reraise=True,
        )


def _failure(state: RetryCallState) -> RootFiError:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, RootFiError)  # noqa: S101 (nothing else is repeated)
    return error
