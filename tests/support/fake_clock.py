"""Time that passes only by waiting, so that a test of long waits takes none."""

import threading

from rootfi_pulumi.api.clock import Clock


class FakeClock(Clock):
    """`waits` holds the seconds of each wait so far."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._now = 0.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.waits.append(seconds)
            self._now += seconds
