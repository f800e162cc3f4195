"""A clock and time-outs with which a slow fault takes no time, and a good request has all that it needs."""

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fake_clock import FakeClock

from rootfi_pulumi.api import connections
from rootfi_pulumi.emulator import Fault

_FAST = 15
_PATIENT, _IMPATIENT = 60.0, 0.05


class Weather(FakeClock):
    """Time that passes by waiting and, while a fault trickles, many times as fast as it does."""

    def __init__(self) -> None:
        super().__init__()
        self._trickles_since: float | None = None

    def now(self) -> float:
        since = self._trickles_since
        return super().now() + (0 if since is None else (time.monotonic() - since) * _FAST)

    @contextmanager
    def of(self, fault: Fault) -> Iterator[None]:
        """Be prepared for a fault that meets the requests from now on."""
        met = range(fault.skip, fault.skip + (fault.times or 1000))
        requests = itertools.count()
        timeouts = connections.timeouts

        def timeouts_of_next() -> tuple[float, float]:
            is_met = next(requests) in met
            if is_met and fault.trickle:
                self._trickles_since = time.monotonic()
            patience = _IMPATIENT if is_met and fault.hold else _PATIENT
            patch.setattr(connections, "READ_TIMEOUT", patience)
            return timeouts()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(connections, "timeouts", timeouts_of_next)
            try:
                yield
            finally:
                self._now, self._trickles_since = self.now(), None
