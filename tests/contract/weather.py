"""A clock and time-outs with which a slow fault takes no time, and a good request has all that it needs."""

import io
import itertools
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from fake_clock import FakeClock

from rootfi_pulumi.api import connections
from rootfi_pulumi.api.clock import Deadline
from rootfi_pulumi.emulator import Emulator, Fault

_FAST = 15
_PATIENT, _IMPATIENT = 60.0, 0.001


class Weather(FakeClock):
    """Time that passes by waiting and, while a fault trickles, many times as fast as it does."""

    def __init__(self) -> None:
        super().__init__()
        self._trickles_since: float | None = None
        self._held = 0

    def now(self) -> float:
        since = self._trickles_since
        return super().now() + (0 if since is None else (time.monotonic() - since) * _FAST)

    @contextmanager
    def of(self, fault: Fault, emulator: Emulator) -> Iterator[None]:
        """Be prepared for a fault that meets the emulator's requests from now on."""
        met = range(fault.skip, fault.skip + (fault.times or 1000))
        exchanges = itertools.count()
        # Read from when the request is on its way.
        answers = connections._Bytes  # noqa: SLF001
        bounded_by, readinto = connections.bounded_by, answers.readinto

        def next_bounded_by(deadline: Deadline) -> AbstractContextManager[None]:
            number = next(exchanges)
            if number in met and fault.trickle:
                self._trickles_since = time.monotonic()
            # How many the emulator holds then, of whom nobody waits for an answer but this one.
            self._held = number - fault.skip + 1 if number in met and fault.hold else 0
            return bounded_by(deadline)

        def readinto_once_held(answer: io.RawIOBase, buffer: Any) -> int | None:
            if self._held:
                # Whoever gave up at a guess may have done so before the request had arrived.
                emulator.wait_until_held(self._held)
            patch.setattr(connections, "READ_TIMEOUT", _IMPATIENT if self._held else _PATIENT)
            return readinto(answer, buffer)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(connections, "bounded_by", next_bounded_by)
            patch.setattr(answers, "readinto", readinto_once_held)
            try:
                yield
            finally:
                self._now, self._trickles_since = self.now(), None
