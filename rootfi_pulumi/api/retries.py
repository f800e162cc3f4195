"""Decide which failed requests to retry, how long to wait, and when to give up."""

from collections.abc import Callable
from dataclasses import dataclass

from tenacity import RetryCallState, Retrying, wait_random_exponential

from rootfi_pulumi.api.clock import Clock, Deadline
from rootfi_pulumi.api.errors import ErrorAnswer, NoAnswer, NotSent, RootFiError
from rootfi_pulumi.api.outcome import Outcome, classify

# Statuses that go away: too many requests, and what a proxy answers while its server is down.
_TRANSIENT = {429, 502, 503, 504}


def may_retry(method: str, error: RootFiError) -> bool:
    """Return whether a failed request is safe to retry and may then succeed.

    A POST is safe only if it certainly created nothing. GET and PUT are idempotent.
    """
    if method == "POST" and classify(error) is Outcome.UNKNOWN:
        return False
    if isinstance(error, NotSent):
        return not error.is_lasting
    if isinstance(error, ErrorAnswer):
        return error.status in _TRANSIENT
    return isinstance(error, NoAnswer)


@dataclass(frozen=True)
class RetryPolicy:
    """Exponential backoff with jitter, in seconds: doubles from `first_wait` up to `longest_wait`.

    `Retry-After` can lengthen a wait. A call fails rather than wait beyond its deadline.
    """

    first_wait: float = 0.5
    longest_wait: float = 20

    def retrying(
        self, method: str, deadline: Deadline, clock: Clock, before_wait: Callable[[RootFiError, float], None]
    ) -> Retrying:
        """Return a caller that retries a function until it succeeds, may not be retried, or time is up.

        `before_wait` receives each failure that will be retried and the seconds until then. The last failure
        is raised, with the number of `attempts`.
        """
        backoff = wait_random_exponential(multiplier=self.first_wait, max=self.longest_wait)

        def wait(state: RetryCallState) -> float:
            return max(backoff(state), _failure(state).retry_after or 0)

        def stop(state: RetryCallState) -> bool:
            return clock.is_stopped or not deadline.allows(state.upcoming_sleep)

        def is_retryable(state: RetryCallState) -> bool:
            error = state.outcome.exception() if state.outcome else None
            if not isinstance(error, RootFiError):
                return False
            error.attempts = state.attempt_number
            return may_retry(method, error)

        return Retrying(
            retry=is_retryable,
            wait=wait,
            stop=stop,
            before_sleep=lambda state: before_wait(_failure(state), state.upcoming_sleep),
            sleep=clock.sleep,
            reraise=True,
        )


def _failure(state: RetryCallState) -> RootFiError:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, RootFiError)  # noqa: S101 (nothing else is retried)
    return error
