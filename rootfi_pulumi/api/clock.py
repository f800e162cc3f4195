"""The clock and the deadlines of calls to RootFi. Stopping the clock ends every wait."""

import threading
import time


class Clock:
    """A monotonic clock. After `stop`, `sleep` returns at once, because the engine has ended."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> float:
        """Return the seconds since an arbitrary point in the past."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for the given seconds, or until the clock is stopped."""
        self._stopped.wait(seconds)

    def stop(self) -> None:
        """End every current and future wait."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped.is_set()


# Seconds to reserve for a request and its response. RootFi usually needs a fraction of it.
_LONGEST_EXCHANGE = 5.0

CLOCK = Clock()
"""The clock of this process."""


class Deadline:
    """The time by which a call must end: `seconds` after the deadline is created."""

    def __init__(self, seconds: float, clock: Clock = CLOCK) -> None:
        self.seconds = seconds
        self._clock = clock
        self._at = clock.now() + seconds

    def allows(self, wait: float) -> bool:
        """Return whether a wait of this many seconds leaves enough time for a request.

        A request that starts too late gets no response, and the outcome of a create is then unknown.
        """
        return wait + min(_LONGEST_EXCHANGE, self.seconds / 2) <= self.left()

    def left(self) -> float:
        """Return the remaining seconds, 0 after the deadline."""
        return max(0.0, self._at - self._clock.now())
