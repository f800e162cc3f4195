"""The log of requests, and the requests that a fault holds. Safe to use from any thread."""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rootfi_pulumi.emulator.events import Event
from rootfi_pulumi.emulator.faults import Fault, Faults, Target
from rootfi_pulumi.emulator.models import timestamp
from rootfi_pulumi.emulator.rate_limit import Allowance, RateLimits
from rootfi_pulumi.emulator.recording import RecordedRequest
from rootfi_pulumi.emulator.shown_response import Received, bounded

# Not validated, because a fault without effect is invalid.
_NO_FAULT = Fault.model_construct()


@dataclass(slots=True, eq=False)
class Arrival:
    """A request with its fault (`_NO_FAULT` if there is none) and, if the fault holds it, its release.

    `allowance` is the result of the rate limit, None if there is no limit. A rejected request has no fault.
    `number` counts all arrivals; `revision` is the log's revision at this request's last change; `seconds` is
    its duration, None while it is in progress. `response` is masked: the one that was sent, or that a fault
    kept from the client; `received` is what the client received of it, None while the request is in progress.
    """

    request: RecordedRequest
    fault: Fault
    event: Event
    allowance: Allowance | None = None
    released: asyncio.Future[None] | None = None
    is_waiting: bool = False
    number: int = 0
    revision: int = 0
    seconds: float | None = None
    response: dict[str, Any] | None = None
    received: Received | None = None
    arrived_at: str = field(default_factory=timestamp)
    began: float = field(default_factory=time.monotonic)

    def masked(self) -> dict[str, Any]:
        """Return the arrival as JSON values, with keys and secrets masked and long texts cut."""
        record = {
            **self.request.masked(),
            "event": self.event.shown(),
            "response": self.response,
            "received": self.received,
            "number": self.number,
            "arrived_at": self.arrived_at,
            "seconds": self.seconds,
            "is_held": self.is_waiting,
            "is_limited": self.allowance is not None and self.allowance.is_spent,
            "fault": None if self.fault is _NO_FAULT else self.fault.masked(),
        }
        bounded_record: dict[str, Any] = bounded(record)
        return bounded_record


@dataclass(frozen=True, slots=True)
class News:
    """What changed in the log since a revision: the log's current revision, and the changed arrivals.

    `first` is the number of the oldest arrival considered, `total` the length of the log, `held` the number
    of requests that wait for their release.
    """

    revision: int
    first: int
    total: int
    held: int
    arrivals: list[Arrival]


class Traffic:
    """The log of requests and the list of held ones, under one lock.

    `run` identifies this log, because another emulator may later use the same address.
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
        """Return what changed after a revision (0: everything) among the `newest` requests."""
        with self._changed:
            arrivals = self._arrivals[-newest:]
            return News(
                revision=self._revision,
                first=arrivals[0].number if arrivals else self._count + 1,
                total=len(self._arrivals),
                held=self._waiting(),
                arrivals=[arrival for arrival in arrivals if arrival.revision > revision],
            )

    def arrive(self, request: RecordedRequest, target: Target, event: Event) -> Arrival:
        """Record a request, count it against the rate limit and take its fault. Call it on the event loop.

        Holding the request is part of the same atomic step, so a request that is in the log can be released.
        """
        with self._changed:
            allowance = self.rate_limits.spend(request.organisation_id)
            # The limit acts like a gateway: a fault meets only the requests that pass it.
            is_refused = allowance is not None and allowance.is_spent
            fault = None if is_refused else self.faults.take(target)
            arrival = Arrival(request, fault or _NO_FAULT, event, allowance)
            if arrival.fault.hold:
                arrival.released = asyncio.get_running_loop().create_future()
                self._held.append(arrival)
            self._count += 1
            arrival.number = self._count
            self._arrivals.append(arrival)
            self._note(arrival)
            return arrival

    def finish(self, arrival: Arrival) -> None:
        """Record that a request has ended, with or without a response."""
        with self._changed:
            arrival.seconds = time.monotonic() - arrival.began
            arrival.is_waiting = False
            arrival.received = arrival.received or "nothing"
            self._note(arrival)

    async def wait_for_release(self, arrival: Arrival) -> None:
        """Wait until a held request is released; return at once if it is not held or already released."""
        if arrival.released is None:
            return
        with self._changed:
            # It may have been released before it got here.
            arrival.is_waiting = arrival in self._held
            self._note(arrival)
        await arrival.released

    def release(self) -> None:
        """Release all held requests."""
        with self._changed:
            for arrival in self._held:
                if arrival.released is not None:
                    arrival.released.get_loop().call_soon_threadsafe(_let_go, arrival.released)
                arrival.is_waiting = False
                self._note(arrival)
            self._held.clear()

    def forget_held(self) -> None:
        """Forget the held requests, whose connections ended with the server."""
        with self._changed:
            self._held.clear()

    def forget_requests(self) -> None:
        """Empty the log."""
        with self._changed:
            self._arrivals.clear()

    def reset(self) -> None:
        """Remove faults and rate limit, release held requests and empty the log."""
        self.faults.clear()
        self.rate_limits.limit = None
        self.release()
        self.forget_requests()

    def wait_for_requests(self, count: int, timeout: float) -> None:
        """Block until the log holds `count` requests; raises `TimeoutError` after `timeout` seconds."""
        self._wait(lambda: len(self._arrivals), count, timeout, "have arrived")

    def wait_until_held(self, count: int, timeout: float) -> None:
        """Block until `count` requests are held; raises `TimeoutError` after `timeout` seconds."""
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
