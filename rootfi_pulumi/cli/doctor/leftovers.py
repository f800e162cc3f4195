"""What earlier runs left in the state: creates of which nobody knows, or has said, what became of them.

docs/recovery.md has the whole story of each.
"""

import shlex
from datetime import UTC, datetime

from rootfi_pulumi.cli.doctor.finding import Finding, not_checked, ok, problem
from rootfi_pulumi.project.earlier_runs import EarlierRuns, StateUnreadableError, read_state
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.state import is_unresolved, name_of

_PENDING, _UNFINISHED, _NOTED = "pending creates", "unfinished creates", "journal of creates"
_ADOPT = "if RootFi has it, declare `adopt: <its rootfi_id>` and run `pulumi up`"


def check_leftovers(project: Project, stack: str) -> list[Finding]:
    """Read the stack's state and tell each create that waits for somebody."""
    try:
        earlier = read_state(stack, datetime.now(UTC), project.folder)
    except StateUnreadableError as error:
        return [not_checked(_PENDING, error.why)]
    option = f"--stack {shlex.quote(stack)}"
    return [*_pending(earlier, option), *_unfinished(earlier, option), *_noted(earlier, option)]


def _pending(earlier: EarlierRuns, option: str) -> list[Finding]:
    if not earlier.pending:
        return [ok(_PENDING, "none")]
    names = ", ".join(sorted(map(name_of, earlier.pending)))
    message = f"{names}: a run was interrupted while it created this"
    unlock = "free the stack by `pulumi cancel` if it is locked"
    remedy = f"{unlock}; {_ADOPT}; in either case, then forget the create"
    return [problem(_PENDING, message, remedy, f"pulumi refresh --clear-pending-creates {option}")]


def _unfinished(earlier: EarlierRuns, option: str) -> list[Finding]:
    if not earlier.unfinished:
        return [ok(_UNFINISHED, "none")]
    found = []
    for urn, id_ in earlier.unfinished.items():
        name = name_of(urn)
        if is_unresolved(id_):
            message = f"{name}: what became of its create is unknown"
            remedy = f"{_ADOPT}; if it has not, create it once more"
            command = f"pulumi up --replace {shlex.quote(urn)} {option}"
        else:
            message, remedy = f"{name}: created, as {id_}, and not disabled", "run it again"
            command = f"pulumi up {option}"
        found.append(problem(_UNFINISHED, message, remedy, command))
    return found


def _noted(earlier: EarlierRuns, option: str) -> list[Finding]:
    if not earlier.interrupted:
        return [ok(_NOTED, "empty")]
    names = ", ".join(sorted(map(name_of, earlier.interrupted)))
    message = f"{names}: the provider died while it created this"
    remedy = f"{_ADOPT}; if it has none of them, forget the journal"
    return [problem(_NOTED, message, remedy, f"pulumi state delete {shlex.quote(earlier.journal)} {option}")]
