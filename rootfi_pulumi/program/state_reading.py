"""Reads what earlier runs left in the state, as late and as seldom as a create allows."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from rootfi_pulumi.program.stack_state import StackState
from rootfi_pulumi.project.earlier_runs import EarlierRuns, StateUnreadableError
from rootfi_pulumi.sdk_internals.state_writer import in_thread

_OTHER_STACK = (
    "what `pulumi stack export` shows where the program runs is not this run's (give the program the "
    "workspace's env_vars, too)"
)


class StateReading:
    """Reads the state of the running stack for all creates of a run; `begin` gets the first reading.

    With `is_first`, the first reading must end before an integration is registered: the time in the state is
    another machine's, so what is pending in it is only then certainly an earlier run's.
    """

    def __init__(self, state: StackState, begin: Callable[[EarlierRuns], None], *, is_preview: bool) -> None:
        self._state = state
        self._begin = begin
        self._is_preview = is_preview
        self.is_first = state.is_in_pulumi_cloud and not is_preview
        self.is_possible = state.is_found or not is_preview
        self._at_start: asyncio.Task[EarlierRuns] | None = None
        self._next: asyncio.Task[EarlierRuns] | None = None
        self._lock = asyncio.Lock()

    def at_start(self) -> "asyncio.Task[EarlierRuns]":
        """Return the first reading, which starts with the first call."""
        if self._at_start is None:
            self._at_start = asyncio.ensure_future(self._read())
        return self._at_start

    async def before_create(self, urn: str) -> EarlierRuns:
        """Return what earlier runs left, for the create of this URN, which is under way.

        Raises StateUnreadableError, also if what is read is not this run's stack.
        """
        earlier = await self.at_start()
        is_certain = self._state.is_certain
        if self._is_preview or self.is_first:
            # It has no create of this run, even if it is newer by another machine's clock.
            if not (self._is_preview or is_certain):
                _check_own((await self._now()).pending[urn] > earlier.pending[urn])
            return replace(earlier, with_own=False)
        if not is_certain:
            earlier = await self._now()
            _check_own(earlier.with_own and earlier.pending[urn] > 0)
        # The state may have been read before or after this very create was written into it; now it is in.
        return await self._now() if urn in earlier.pending else earlier

    async def _read(self) -> EarlierRuns:
        earlier = await in_thread(self._state.at_start)
        self._begin(earlier)
        return earlier

    async def _now(self) -> EarlierRuns:
        # One reading serves all that ask before it begins: on a slow machine every create of a run asks.
        if self._next is None:
            self._next = asyncio.ensure_future(self._read_next())
        return await self._next

    async def _read_next(self) -> EarlierRuns:
        async with self._lock:
            self._next = None
            return await in_thread(self._state.now)


def _check_own(is_own: bool) -> None:
    """Raise StateUnreadableError for a state that does not have what this run wrote into its stack's."""
    if not is_own:
        raise StateUnreadableError(_OTHER_STACK)
