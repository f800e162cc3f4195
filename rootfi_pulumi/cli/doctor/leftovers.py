"""Checks for creates that earlier runs left in the state without a known outcome, or not as declared.

docs/recovery.md explains each case.
"""

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime

from rootfi_pulumi.cli.doctor.finding import Finding, Subject, not_checked, ok, problem, steps
from rootfi_pulumi.declaration.ignore_changes import other_members
from rootfi_pulumi.project.earlier_runs import EarlierRuns, StateUnreadableError, read_state
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.provider.phrases import DIFFERS
from rootfi_pulumi.provider.unfinished_create import describe_unfinished
from rootfi_pulumi.state import is_unresolved, name_of

_ADOPT = "If RootFi has it, add `adopt: <its rootfi_id>` and run `pulumi up`."
_ENCRYPTED = "(encrypted in the state)"


def check_leftovers(project: Project, stack: str) -> list[Finding]:
    """Read the stack's state and return a finding for each kind of leftover."""
    try:
        earlier = read_state(stack, datetime.now(UTC), project.folder)
    except StateUnreadableError as error:
        return [not_checked(Subject.PENDING, error.why)]
    option = f"--stack {shlex.quote(stack)}"
    return [*_pending(earlier, option), *_unfinished(earlier, option), *_noted(earlier, option)]


def _pending(earlier: EarlierRuns, option: str) -> list[Finding]:
    if not earlier.pending:
        return [ok(Subject.PENDING, "none")]
    names = ", ".join(sorted(map(name_of, earlier.pending)))
    message = f"{names}: RootFi may or may not have created it (the run was interrupted)"
    remedy = steps(
        "If the stack is locked, run `pulumi cancel`.", _ADOPT, "In either case, clear the pending create"
    )
    return [problem(Subject.PENDING, message, remedy, f"pulumi refresh --clear-pending-creates {option}")]


def _unfinished(earlier: EarlierRuns, option: str) -> list[Finding]:
    found = []
    for urn, each in earlier.unfinished.items():
        message = describe_unfinished(name_of(urn), each.id, each.reason)
        if is_unresolved(each.id):
            shown = f"{each.integration_type or _ENCRYPTED} integration with client id"
            remedy = steps(
                f"Look in RootFi for a {shown} {each.client_id or _ENCRYPTED}.",
                _ADOPT,
                "If it does not, create it again",
            )
            command = f"pulumi up --replace {shlex.quote(urn)} {option}"
        else:
            remedy, command = "disable it", f"pulumi up {option}"
        found.append(problem(Subject.UNFINISHED, message, remedy, command))
    found += _differing(earlier, option)
    return found or [ok(Subject.UNFINISHED, "none")]


def _differing(earlier: EarlierRuns, option: str) -> Iterator[Finding]:
    """Yield a problem for each adoption whose differences no update has applied yet."""
    for urn, each in earlier.differing.items():
        if members := ", ".join(other_members(each.members, each.ignored)):
            message = f"{name_of(urn)}: {DIFFERS} in {members} (rootfi_id {each.id})"
            remedy = "apply the declaration, or declare what RootFi has"
            yield problem(Subject.UNFINISHED, message, remedy, f"pulumi up {option}")


def _noted(earlier: EarlierRuns, option: str) -> list[Finding]:
    if not earlier.interrupted:
        return [ok(Subject.JOURNAL, "empty")]
    names = ", ".join(sorted(map(name_of, earlier.interrupted)))
    message = f"{names}: RootFi may or may not have created it (the provider died)"
    remedy = steps(_ADOPT, "If it has none of them, delete the journal")
    command = f"pulumi state delete {shlex.quote(earlier.journal)} {option}"
    return [problem(Subject.JOURNAL, message, remedy, command)]
