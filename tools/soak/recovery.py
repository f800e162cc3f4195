"""Follows docs/recovery.md."""

from rootfi_pulumi.provider.phrases import INTERRUPTED_RUN
from tests.support.runs.crashes import forget
from tools.soak import leftovers, weather
from tools.soak.invariants import BrokenError, Tracking
from tools.soak.stack import Stack

# More rounds mean that the document does not help.
_ROUNDS = 6


def recover(stack: Stack) -> None:
    """Resolve everything that earlier runs left, without faults. Raises BrokenError if that fails."""
    weather.clear(stack.emulator)
    unlock(stack)
    for _ in range(_ROUNDS):
        tracking = stack.tracking()
        found = stack.untracked(tracking)
        if not tracking.traced:
            return
        resolve(stack, tracking, found)
    raise BrokenError(f"not resolved after {_ROUNDS} rounds: {sorted(stack.tracking().traced)}")


def unlock(stack: Stack) -> None:
    """Remove what a killed command left."""
    if leftovers.locks(stack.backend):
        stack.note("cancel")
        stack.project.pulumi("cancel", "--yes")
    # Pulumi's processes leave these when they are killed.
    for path in reversed(leftovers.files(stack.backend, stack.temporary)):
        stack.note(f"sweep {path.name}")
        path.rmdir() if path.is_dir() else path.unlink()
    stack.was_killed = False


def resolve(stack: Stack, tracking: Tracking, found: dict[str, list[int]]) -> None:
    """Follow the document once: adopt what RootFi has; clear the rest, for the next run to create."""
    names = tracking.traced
    for name in sorted(names & found.keys()):
        adopt(stack, name, found[name][0])
    again = [urn for name, urn in sorted(tracking.unresolved.items()) if name not in found]
    output = stack.run("up", *[arg for urn in again for arg in ("--replace", urn)])
    if names & found.keys():
        return
    if INTERRUPTED_RUN in output or tracking.pending:
        stack.note("forget")
        forget(stack.project, output)


def adopt(stack: Stack, name: str, rootfi_id: int) -> None:
    """Declare the integration that RootFi has with its type: the declaration may have changed since."""
    stack.note(f"adopt {name}")
    entry = stack.declaration.entries[name]
    entry.adopt = rootfi_id
    entry.integration_type = stack.emulator.integration(rootfi_id).integration_type
