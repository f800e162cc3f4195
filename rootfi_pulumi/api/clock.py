"""Time as a process's calls to RootFi know it, and the one way to end their waiting."""

import threading
import time


class Clock:
    """Seconds that only go forward. Once stopped, nothing waits any more: there is nobody to wait for."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> float:
        """Return the seconds since some point in the past."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Return after so many seconds, or as soon as the clock is stopped."""
        self._stopped.wait(seconds)

    def stop(self) -> None:
        """End every wait, now and from now on."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped.is_set()


CLOCK = Clock()
"""This process's."""


class Deadline:
    """When a call must be over: `seconds` from its making."""

    def __init__(self, seconds: float, clock: Clock = CLOCK) -> None:
        self.seconds = seconds
        self._clock = clock
        self._at = clock.now() + seconds

    def left(self) -> float:
        """Return the seconds that are left; 0 when there are none."""
        return max(0.0, self._at - self._clock.now())
