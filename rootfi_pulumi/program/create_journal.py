"""Notes in the state each create that RootFi may have done when the plugin died, or ends the engine.

While a create is under way, the state has it as a pending operation of the engine. The engine removes it when
the create fails, whatever RootFi did. So before the engine goes on, the create is noted in the outputs of a
component. The note counts once it has been read back from the state. If it is not there, the engine is killed
at once: what was pending then stays, and the next run finds it.

See https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
"""

import asyncio
import contextlib

import pulumi

from rootfi_pulumi.program.stack_state import StackState
from rootfi_pulumi.project.earlier_runs import EarlierRuns, StateUnreadableError
from rootfi_pulumi.provider.create_watch import describe_ending
from rootfi_pulumi.provider.phrases import ENGINE_NOT_FOUND
from rootfi_pulumi.sdk_internals.engine_process import engine_port, kill, listener
from rootfi_pulumi.sdk_internals.state_writer import NotWrittenError, in_thread, write_outputs
from rootfi_pulumi.state import INTERRUPTED, JOURNAL, JOURNAL_NAME, MANAGED_BEFORE

# Seconds that the engine gets to write the note.
_PATIENCE = 10
# Seconds that the engine gets to show why it is killed.
_TO_BE_READ = 1

_EXPLANATION = (
    f"{JOURNAL_NAME}: keeps a journal of interrupted creates in the state, creates nothing in RootFi"
)


class CreateJournal(pulumi.ComponentResource):
    """A component whose output `interrupted` holds the URNs of the creates whose plugin died.

    `managed_before` holds the ids that they had in the state before, "" for those that had none. Every run
    registers the component, so no run removes what is noted. Its outputs are written without a worker of the
    engine, since each worker may be waiting for a hook. The engine takes them once in a run. `state` is where
    the note is read back; without it, a note counts as written.
    """

    def __init__(self, state: StackState | None) -> None:
        on_dry_run = pulumi.ResourceHookOptions(on_dry_run=True)
        explain = pulumi.ResourceHook("rootfi-journal", self._explain, on_dry_run)
        hooks = pulumi.ResourceHookBinding(before_create=[explain])
        super().__init__(JOURNAL, JOURNAL_NAME, None, pulumi.ResourceOptions(hooks=hooks))
        self.interrupted: dict[str, str | None] = {}
        self._before: EarlierRuns | None = None
        self._state = state
        # Here, since only the program's main thread knows its engine.
        self._engine_port = engine_port()
        self._is_written = False
        self._noted: set[str] = set()
        self._lock = asyncio.Lock()

    def _explain(self, _: pulumi.ResourceHookArgs) -> None:
        # A name that explains itself would need an alias for the states that have this one, and the engine
        # panics at a component with an alias in a `refresh --run-program`:
        # https://github.com/pulumi/pulumi/issues/21404. An update shows an ephemeral line only while it runs.
        pulumi.log.info(_EXPLANATION, self, ephemeral=not pulumi.runtime.is_dry_run())

    def begin(self, earlier: EarlierRuns) -> None:
        """Start with what the state had before this run's first create."""
        self._before = earlier
        self.interrupted |= {urn: earlier.noted[urn] for urn in earlier.interrupted}

    async def note_or_end(self, urns: set[str], failure: str) -> bool:
        """Write these into the state, or kill the engine and say so after `failure`; return which."""
        async with self._lock:
            why = await self._why_not_noted(urns)
            if not why:
                return True
            engine = await in_thread(listener, self._engine_port) if self._engine_port else None
            if engine is None:
                pulumi.log.error(
                    f"{failure}: {why}, and {ENGINE_NOT_FOUND}\n"
                    "  Before the next `pulumi up`, look for it in RootFi. "
                    "If it is there, add `adopt: <its rootfi_id>`."
                )
                return False
            pulumi.log.error(f"{failure}: {describe_ending(why)}")
            await asyncio.sleep(_TO_BE_READ)
            kill(engine)
            return False

    async def take_out(self, urns: set[str]) -> None:
        """Remove these from the state, unless this run has already written there."""
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
            return "the engine takes one note in a run, and has it"
        self.interrupted = {urn: self._managed_before(urn) for urn in urns} | self.interrupted
        try:
            await asyncio.wait_for(self._write(), _PATIENCE)
            self._noted = await self._now_noted()
        except TimeoutError:
            # It is this busy while each of its workers waits for a hook and more creates are queued.
            return f"the engine took no note of it for {_PATIENCE} s"
        except NotWrittenError as error:
            return f"no note of it could be written ({error})"
        except StateUnreadableError as error:
            return f"whether the note of it is in the state is unknown ({error.why})"
        # The engine silently drops the outputs of a component outside `--target`.
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
