"""The requests that arrived, and those that a fault holds. Safe to use from any thread."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass

from rootfi_pulumi.emulator.faults import Fault, Faults, Target
from rootfi_pulumi.emulator.rate_limit import Allowance, RateLimits
from rootfi_pulumi.emulator.recording import RecordedRequest

_NO_FAULT = Fault()


@dataclass(slots=True, eq=False)
class Arrival:
    """A request, its fault (one that does nothing, if there is none) and, if that holds it, its release.

    `allowance` is what the rate limit said, None where there is none. A request that it refused has no fault.
    """

    request: RecordedRequest
    fault: Fault
    allowance: Allowance | None = None
    released: asyncio.Future[None] | None = None
    is_waiting: bool = False


class Traffic:
    """One log of requests and one list of those that are held, under one lock."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.rate_limits = RateLimits()
        self._changed = threading.Condition()
        self._requests: list[RecordedRequest] = []
        self._held: list[Arrival] = []

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests in order of arrival."""
        with self._changed:
            return list(self._requests)

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
            self._requests.append(request)
            self._changed.notify_all()
            return arrival

    async def wait_for_release(self, arrival: Arrival) -> None:
        """Wait until a held request is released; at once if it has been, or is not held."""
        if arrival.released is None:
            return
        with self._changed:
            arrival.is_waiting = True
            self._changed.notify_all()
        await arrival.released

    def release(self) -> None:
        """Let go all requests that are held now."""
        with self._changed:
            for arrival in self._held:
                if arrival.released is not None:
                    arrival.released.get_loop().call_soon_threadsafe(_let_go, arrival.released)
            self._held.clear()

    def forget_held(self) -> None:
        """Forget the requests that were held when the server ended."""
        with self._changed:
            self._held.clear()

    def forget_requests(self) -> None:
        """Empty the log."""
        with self._changed:
            self._requests.clear()

    def reset(self) -> None:
        """Drop faults, rate limit and log, and let go what is held."""
        self.faults.clear()
        self.rate_limits.limit = None
        self.release()
        self.forget_requests()

    def wait_for_requests(self, count: int, timeout: float) -> None:
        """Block until the log holds so many; raises `TimeoutError` after so many seconds."""
        self._wait(lambda: len(self._requests), count, timeout, "have arrived")

    def wait_until_held(self, count: int, timeout: float) -> None:
        """Block until so many wait for their release; raises `TimeoutError` after so many seconds."""
        self._wait(lambda: sum(arrival.is_waiting for arrival in self._held), count, timeout, "are held")

    def _wait(self, present: Callable[[], int], count: int, timeout: float, what: str) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: present() >= count, timeout):
                raise TimeoutError(f"{present()} of {count} requests {what} after {timeout:g} s")


def _let_go(released: asyncio.Future[None]) -> None:
    if not released.done():
        released.set_result(None)
