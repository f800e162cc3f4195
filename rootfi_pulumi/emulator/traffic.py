"""The requests that arrived, and those that a fault holds. Safe to use from any thread."""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rootfi_pulumi.emulator.faults import Fault, Faults, Target
from rootfi_pulumi.emulator.models import timestamp
from rootfi_pulumi.emulator.rate_limit import Allowance, RateLimits
from rootfi_pulumi.emulator.recording import RecordedRequest

_NO_FAULT = Fault()


@dataclass(slots=True, eq=False)
class Arrival:
    """A request, its fault (one that does nothing, if there is none) and, if that holds it, its release.

    `allowance` is what the rate limit said, None where there is none. A request that it refused has no fault.
    `number` counts all arrivals; `revision` is the log's when this one last changed; `seconds` is how long it
    took, None while it is under way.
    """

    request: RecordedRequest
    fault: Fault
    allowance: Allowance | None = None
    released: asyncio.Future[None] | None = None
    is_waiting: bool = False
    number: int = 0
    revision: int = 0
    seconds: float | None = None
    arrived_at: str = field(default_factory=timestamp)
    began: float = field(default_factory=time.monotonic)

    def masked(self) -> dict[str, Any]:
        """Return what can be shown of it."""
        return {
            **self.request.masked(),
            "number": self.number,
            "arrived_at": self.arrived_at,
            "seconds": self.seconds,
            "is_held": self.is_waiting,
            "is_limited": self.allowance is not None and self.allowance.is_spent,
            "fault": None if self.fault is _NO_FAULT else self.fault.masked(),
        }


@dataclass(frozen=True, slots=True)
class News:
    """What changed in the log: its revision now, and the arrivals among the newest that are newer than asked.

    `first` is the number of the oldest that were looked at, `total` how many are in the log, `held` how many
    wait for their release.
    """

    revision: int
    first: int
    total: int
    held: int
    arrivals: list[Arrival]


class Traffic:
    """One log of requests and one list of those that are held, under one lock.

    `run` tells this log from that of another emulator at the same address.
    """

    def __init__(self) -> None:
        self.faults = Faults()
        self.rate_limits = RateLimits()
        self._changed = threading.Condition()
        self.run = secrets.token_hex(8)
        self._arrivals: list[Arrival] = []
        self._count = 0
        self._revision = 0
        self._held: list[Arrival] = []

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests in order of arrival."""
        with self._changed:
            return [arrival.request for arrival in self._arrivals]

    def since(self, revision: int, newest: int) -> News:
        """Return what changed after a revision (0: everything) among so many of the newest requests."""
        with self._changed:
            arrivals = self._arrivals[-newest:]
            return News(
                revision=self._revision,
                first=arrivals[0].number if arrivals else self._count + 1,
                total=len(self._arrivals),
                held=self._waiting(),
                arrivals=[arrival for arrival in arrivals if arrival.revision > revision],
            )

    def arrive(self, request: RecordedRequest, target: Target) -> Arrival:
        """Record a request, count it against the rate limit and take its fault. On the event loop only.

        All and the hold's beginning are one step: whoever sees the request in the log can release it.
        """
        with self._changed:
            allowance = self.rate_limits.spend(request.organisation_id)
            # As at a gateway: what it refuses gets no further, and the fault waits for another request.
            is_refused = allowance is not None and allowance.is_spent
            fault = None if is_refused else self.faults.take(target)
            arrival = Arrival(request, fault or _NO_FAULT, allowance)
            if arrival.fault.hold:
                arrival.released = asyncio.get_running_loop().create_future()
                self._held.append(arrival)
            self._count += 1
            arrival.number = self._count
            self._arrivals.append(arrival)
            self._note(arrival)
            return arrival

    def finish(self, arrival: Arrival) -> None:
        """Note that a request is over, answered or not."""
        with self._changed:
            arrival.seconds = time.monotonic() - arrival.began
            arrival.is_waiting = False
            self._note(arrival)

    async def wait_for_release(self, arrival: Arrival) -> None:
        """Wait until a held request is released; at once if it has been, or is not held."""
        if arrival.released is None:
            return
        with self._changed:
            # Not if it was released before it came here.
            arrival.is_waiting = arrival in self._held
            self._note(arrival)
        await arrival.released

    def release(self) -> None:
        """Let go all requests that are held now."""
        with self._changed:
            for arrival in self._held:
                if arrival.released is not None:
                    arrival.released.get_loop().call_soon_threadsafe(_let_go, arrival.released)
                arrival.is_waiting = False
                self._note(arrival)
            self._held.clear()

    def forget_held(self) -> None:
        """Forget the requests that were held when the server ended."""
        with self._changed:
            self._held.clear()

    def forget_requests(self) -> None:
        """Empty the log."""
        with self._changed:
            self._arrivals.clear()

    def reset(self) -> None:
        """Drop faults, rate limit and log, and let go what is held."""
        self.faults.clear()
        self.rate_limits.limit = None
        self.release()
        self.forget_requests()

    def wait_for_requests(self, count: int, timeout: float) -> None:
        """Block until the log holds so many; raises `TimeoutError` after so many seconds."""
        self._wait(lambda: len(self._arrivals), count, timeout, "have arrived")

    def wait_until_held(self, count: int, timeout: float) -> None:
        """Block until so many wait for their release; raises `TimeoutError` after so many seconds."""
        self._wait(self._waiting, count, timeout, "are held")

    def _waiting(self) -> int:
        return sum(arrival.is_waiting for arrival in self._held)

    def _note(self, arrival: Arrival) -> None:
        self._revision += 1
        arrival.revision = self._revision
        self._changed.notify_all()

    def _wait(self, present: Callable[[], int], count: int, timeout: float, what: str) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: present() >= count, timeout):
                raise TimeoutError(f"{present()} of {count} requests {what} after {timeout:g} s")


def _let_go(released: asyncio.Future[None]) -> None:
    if not released.done():
        released.set_result(None)
