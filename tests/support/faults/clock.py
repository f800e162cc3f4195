"""A clock and timeouts with which a slow fault takes no time, and a good request has all that it needs."""

import itertools
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from rootfi_pulumi.api import connections
from rootfi_pulumi.api.clock import Deadline
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.fake_clock import FakeClock
from tests.support.patience import PATIENCE

# Seconds that pass while a piece of an answer that trickles is waited for: an answer has hundreds.
_PIECE = 2.0
_PATIENT, _IMPATIENT = PATIENCE, 0.001


class Weather(FakeClock):
    """Time that passes by waiting and, while a fault trickles, with each piece of the answer."""

    def __init__(self) -> None:
        super().__init__()
        self._trickles = False
        self._held = 0

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
            self._trickles = bool(number in met and fault.trickle)
            # How many requests the emulator holds then; only this one still has a client that waits.
            self._held = number - fault.skip + 1 if number in met and fault.hold else 0
            return bounded_by(deadline)

        def readinto_once_held(answer: connections._Bytes, buffer: Any) -> int | None:
            if self._held:
                # Whoever gave up at a guess may have done so before the request had arrived.
                emulator.wait_until_held(self._held)
            patch.setattr(connections, "READ_TIMEOUT", _IMPATIENT if self._held else _PATIENT)
            if self._trickles:
                self._now += _PIECE
            return readinto(answer, buffer)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(connections, "bounded_by", next_bounded_by)
            patch.setattr(answers, "readinto", readinto_once_held)
            yield
