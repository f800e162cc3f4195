"""Everything that is to be known of one stack: what its file declares, its state, and what RootFi has."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rootfi_pulumi.cli.report.deployed import Deployed, read_deployed
from rootfi_pulumi.cli.report.drift import Live, read_live
from rootfi_pulumi.declaration.model import IntegrationConfig
from rootfi_pulumi.declaration.problems import ConfigError
from rootfi_pulumi.declaration.stack_mistakes import integrations_of, read_with_mistakes
from rootfi_pulumi.project.earlier_runs import StateUnreadableError
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

# Of the command itself, whatever the backend.
_NO_STACK = "no stack named "


@dataclass(frozen=True)
class Reading:
    """What is known of a stack, and in one line each what is not.

    `declared` is None where the declaration is not known, `deployed` where the state is not. `live` is by
    URN, empty unless RootFi was asked. A note is worth knowing; a problem kept something from being read.
    """

    stack: str
    declared: Mapping[str, IntegrationConfig] | None = None
    deployed: Sequence[Deployed] | None = None
    live: Mapping[str, Live] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class _Untold(Exception):
    """`str()` is one line; `note` tells that nothing is wrong."""

    def __init__(self, line: str, *, note: bool = False) -> None:
        super().__init__(line)
        self.note = note


def read_stack(project: Project, stack: str, *, refresh: bool) -> Reading:
    """Read one stack of a project; with `refresh`, ask RootFi too. What fails is told, never raised."""
    untold: list[_Untold] = []
    declared: Mapping[str, IntegrationConfig] | None = None
    held: Sequence[Deployed] | None = None
    live: Mapping[str, Live] = {}
    path = project.stack_file(stack)
    try:
        declared = _declared(path)
    except _Untold as each:
        untold.append(each)
    try:
        held = _state(project, stack, has_file=path.is_file())
        live = read_live(project, stack) if refresh else {}
    except _Untold as each:
        untold.append(each)
        held = () if each.note else None
    except PulumiError as error:
        untold.append(_Untold(f"drift is not known: {error}"))
    notes, problems = (tuple(str(each) for each in untold if each.note is kind) for kind in (True, False))
    return Reading(stack, declared, held, live, notes, problems)


def _declared(path: Path) -> Mapping[str, IntegrationConfig]:
    shown = os.path.relpath(path)
    try:
        file, mistakes = read_with_mistakes(path)
    except FileNotFoundError:
        raise _Untold(f"there is no {shown}", note=True) from None
    except OSError as error:
        raise _Untold(f"declaration: {shown}: {error.strerror}") from None
    if mistakes:
        raise _Untold(f"declaration: {shown}:{mistakes[0].line}: {mistakes[0].message}")
    if file.declared is None:
        # A program of somebody's own declares by itself.
        raise _Untold("its file declares no integrations", note=True)
    try:
        return integrations_of(file)
    except ConfigError:
        raise _Untold("its declaration is encrypted", note=True) from None


def _state(project: Project, stack: str, *, has_file: bool) -> Sequence[Deployed]:
    try:
        held = read_deployed(project.pulumi("stack", "export", "--stack", stack))
    except StateUnreadableError as error:
        raise _Untold(f"state: {error.why}") from None
    except PulumiError as error:
        if _NO_STACK not in str(error):
            raise _Untold(f"state: {error}") from None
        if not has_file:
            raise _Untold("there is neither a file nor a stack of this name") from None
        raise _Untold("never deployed", note=True) from None
    if not held:
        raise _Untold("nothing is deployed", note=True)
    return held
