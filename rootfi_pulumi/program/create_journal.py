"""Notes in the state, or leaves there, each create that RootFi may have heard of when the plugin died.

While a create is under way, the state has it as a pending operation of the engine, which takes it out when
the create fails, whatever RootFi did. So before the engine goes on, the create is noted in the outputs of a
component. What counts is what has then been read from the state. Where the note is not there, the engine is
ended at once: what was pending then stays, and the next run finds it.

Rests on https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
"""

import asyncio
import contextlib
import os
import signal

import pulumi

from rootfi_pulumi.program.stack_state import StackState
from rootfi_pulumi.project.earlier_runs import EarlierRuns, StateUnreadableError
from rootfi_pulumi.sdk_internals.engine_process import engine_port, listener
from rootfi_pulumi.sdk_internals.state_writer import NotWrittenError, in_thread, write_outputs
from rootfi_pulumi.state import INTERRUPTED, JOURNAL, JOURNAL_NAME, MANAGED_BEFORE

# Seconds in which the engine must have taken the note in.
_PATIENCE = 10
# Seconds in which the engine shows why it is ended.
_TO_BE_READ = 1
_ENDED = (
    "this run ends at once, which keeps what was under way in the stack's state as pending: run "
    "`pulumi cancel`, then `pulumi up`, which will not create it again, but say what to do"
)
_NOT_ENDED = (
    "and the engine's process is not found, so before the next `pulumi up` look in RootFi for it, and "
    "declare `adopt: <its rootfi_id>` if it is there"
)


class CreateJournal(pulumi.ComponentResource):
    """Holds, as its output `interrupted`, the URNs of the creates whose plugin died.

    `managed_before` holds the ids that they had in the state before, "" for those that had none.
    One component that every run registers, so that no run removes what is noted; its outputs are written
    without a worker of the engine, each of which may be waiting for a hook. The engine takes them once in a
    run. `state` is where a note is looked for; without one, none is.
    """

    def __init__(self, state: StackState | None) -> None:
        super().__init__(JOURNAL, JOURNAL_NAME)
        self.interrupted: dict[str, str | None] = {}
        self._before: EarlierRuns | None = None
        self._state = state
        # Here, since only the program's own thread knows its engine.
        self._engine_port = engine_port()
        self._is_written = False
        self._noted: set[str] = set()
        self._lock = asyncio.Lock()

    def begin(self, earlier: EarlierRuns) -> None:
        """Go on from what the state had before this run's first create."""
        self._before = earlier
        self.interrupted |= {urn: earlier.noted[urn] for urn in earlier.interrupted}

    async def note_or_end(self, urns: set[str], failure: str) -> bool:
        """Have these in the state on return, or else the engine ended, which is shown behind `failure`."""
        async with self._lock:
            why = await self._why_not_noted(urns)
            if not why:
                return True
            engine = await in_thread(listener, self._engine_port) if self._engine_port else None
            if engine is None:
                pulumi.log.error(f"{failure}: {why}, {_NOT_ENDED}")
                return False
            pulumi.log.error(f"{failure}: {why}, so {_ENDED}")
            await asyncio.sleep(_TO_BE_READ)
            with contextlib.suppress(ProcessLookupError):
                os.kill(engine, signal.SIGKILL)
            return False

    async def take_out(self, urns: set[str]) -> None:
        """Have these in the state no more, unless this run has written there already."""
        async with self._lock:
            if not self._is_written:
                self.interrupted = {
                    urn: before for urn, before in self.interrupted.items() if urn not in urns
                }
                # Entries of creates that are resolved refuse nothing, so they may stay.
                with contextlib.suppress(NotWrittenError):
                    await self._write()

    async def _why_not_noted(self, urns: set[str]) -> str | None:
        if urns <= self._noted:
            return None
        if self._is_written:
            return "the engine takes one note of such creates in a run, and has it"
        self.interrupted = {urn: self._managed_before(urn) for urn in urns} | self.interrupted
        try:
            await asyncio.wait_for(self._write(), _PATIENCE)
            self._noted = await self._now_noted()
        except TimeoutError:
            # As it does while each of its workers waits for a hook and more creates are queued.
            return f"the engine took no note of it for {_PATIENCE} s"
        except NotWrittenError as error:
            return f"no note of it could be written ({error})"
        except StateUnreadableError as error:
            return f"whether a note of it is in the state is unknown ({error.why})"
        # As where a component is outside `--target`: the engine drops its outputs without a word.
        return None if urns <= self._noted else "the engine put no note of it into the state"

    def _managed_before(self, urn: str) -> str | None:
        return None if self._before is None else self._before.ids.get(urn, "")

    async def _now_noted(self) -> set[str]:
        if self._state is None:
            return set(self.interrupted)
        return set((await in_thread(self._state.now)).noted)

    async def _write(self) -> None:
        self._is_written = True
        known = {urn: before for urn, before in self.interrupted.items() if before is not None}
        await write_outputs(self, {INTERRUPTED: sorted(self.interrupted), MANAGED_BEFORE: known})
