"""Reads one stack: its declaration, its state and, on request, what RootFi has."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rootfi_pulumi.cli.report.deployed import Deployed, read_deployed
from rootfi_pulumi.cli.report.drift import Live, read_live
from rootfi_pulumi.declaration.problems import ConfigError
from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.earlier_runs import StateUnreadableError
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

if TYPE_CHECKING:
    from rootfi_pulumi.declaration.model import IntegrationConfig

DECLARATION = "declaration"
"""Begins a problem with a stack's file."""
# Part of Pulumi's error for a stack that does not exist, with any backend.
_NO_STACK = "no stack named "


@dataclass(frozen=True)
class Reading:
    """What was read of a stack, and in one line each what could not be read.

    `declared` is None if the declaration is unknown, `deployed` if the state is. `live` is by URN, empty
    without a refresh; `is_compared` says whether one succeeded. `exists` is False if the backend has no such
    stack. A problem prevented a read; a note did not.
    """

    stack: str
    declared: "Mapping[str, IntegrationConfig] | None" = None
    deployed: Sequence[Deployed] | None = None
    live: Mapping[str, Live] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    is_compared: bool = False
    exists: bool = True


class _Unread(Exception):
    """Something was not read. `str()` is one line; `note` is True if nothing is wrong."""

    def __init__(self, line: str, *, note: bool = False, exists: bool = True) -> None:
        super().__init__(line)
        self.note = note
        self.exists = exists


def read_stack(project: Project, stack: str, *, refresh: bool) -> Reading:
    """Read a stack of a project, with `refresh` also from RootFi. Failures become problems."""
    unread: list[_Unread] = []
    declared: Mapping[str, IntegrationConfig] | None = None
    held: Sequence[Deployed] | None = None
    live: Mapping[str, Live] = {}
    is_compared, exists = False, True
    path = project.stack_file(stack)
    # `pulumi` runs while the declaration is read.
    export = _start_export(project, stack)
    try:
        declared = _declared(path)
    except _Unread as each:
        unread.append(each)
    try:
        held = _state(export, has_file=path.is_file())
        if refresh:
            live, is_compared = read_live(project, stack), True
    except _Unread as each:
        unread.append(each)
        exists = each.exists
        held = () if each.note else None
    except PulumiError as error:
        unread.append(_Unread(f"cannot check for drift: {error}"))
    notes, problems = (tuple(str(each) for each in unread if each.note is kind) for kind in (True, False))
    return Reading(stack, declared, held, live, notes, problems, is_compared, exists)


def _declared(path: Path) -> "Mapping[str, IntegrationConfig]":
    # Imported here so that `pulumi` starts before pydantic is imported.
    from rootfi_pulumi.declaration.stack_mistakes import (  # noqa: PLC0415
        integrations_of,
        read_with_mistakes,
    )

    shown = os.path.relpath(path)
    try:
        file, mistakes = read_with_mistakes(path)
    except FileNotFoundError:
        raise _Unread(f"{shown} does not exist", note=True) from None
    except OSError as error:
        raise _Unread(f"{DECLARATION}: {shown}: {error.strerror}") from None
    if mistakes:
        raise _Unread(f"{DECLARATION}: {shown}:{mistakes[0].line}: {mistakes[0].message}")
    if file.declared is None:
        # The program may declare integrations in its own code.
        raise _Unread("its file declares no integrations", note=True)
    try:
        return integrations_of(file)
    except ConfigError:
        raise _Unread("its declaration is encrypted", note=True) from None


def _start_export(project: Project, stack: str) -> subprocess.Popen[str] | PulumiError:
    try:
        return pulumi_cli.start("stack", "export", "--stack", stack, folder=project.folder)
    except PulumiError as error:
        return error


def _state(export: subprocess.Popen[str] | PulumiError, *, has_file: bool) -> Sequence[Deployed]:
    try:
        if isinstance(export, PulumiError):
            raise export
        held = read_deployed(pulumi_cli.finish(export))
    except StateUnreadableError as error:
        raise _Unread(f"state: {error.why}") from None
    except PulumiError as error:
        if _NO_STACK not in str(error):
            raise _Unread(f"state: {error}") from None
        if not has_file:
            raise _Unread("no stack or stack file has this name", exists=False) from None
        raise _Unread("never deployed", note=True, exists=False) from None
    if not held:
        raise _Unread("nothing is deployed", note=True)
    return held
