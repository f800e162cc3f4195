"""What the runs before this one left in the stack's state.

The state is asked of the `pulumi` command, so that it serves every backend.
Rests on https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
"""

import atexit
import contextlib
import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pulumi

from rootfi_pulumi import pulumi_cli
from rootfi_pulumi.engine_process import engine_port, surroundings
from rootfi_pulumi.pulumi_cli import PulumiError

INTEGRATION = "pulumi-python:dynamic/rootfi:RootFiIntegration"
"""The type of an integration."""

JOURNAL = "rootfi:index:CreateJournal"
"""The type of the component that holds what a dead plugin left."""

# A file backend's state can't be read in the instant in which the engine writes it.
_ATTEMPTS = 3
# Enough to leave a busy run the processor, not so much that one that creates waits for the answer.
_NICENESS = 5
# It ends before collecting garbage pays: a quarter of its processor time. Beyond the limit it is collected.
_BRIEF = {"GOGC": "off", "GOMEMLIMIT": "256MiB"}
# What Pulumi calls the organization of a stack whose backend has none: files, S3, PostgreSQL and the like.
_NO_ORGANIZATION = "organization"
# How such a backend refuses a qualified name in the layout that it had before stacks were of a project.
_OF_LEGACY_LAYOUT = re.compile("a stack name may only contain .* invalid character '/'")


class StateUnreadableError(Exception):
    """`pulumi stack export` did not tell what earlier runs left; `why` is the reason, `str()` says it all."""

    def __init__(self, why: str) -> None:
        super().__init__(f"an earlier run may have created it, and the stack's state cannot be read: {why}")
        self.why = why


@dataclass(frozen=True)
class EarlierRuns:
    """What the state tells of the runs before this one.

    `pending` counts the creates that did not end, by URN; `noted` holds, by the URNs in the CreateJournal,
    the id that was managed before ("" for none, None where that is unknown), `journal` its own URN; `managed`
    the URNs of integrations by id, `ids` the reverse, without those about to be deleted; `unfinished`
    the ids of those whose create waits for an end, by URN. `with_own` says whether this run wrote the state,
    and so may have counted a create of its own, which is under way while its hook runs.
    """

    pending: Counter[str]
    noted: dict[str, str | None]
    journal: str
    managed: dict[str, str]
    ids: dict[str, str]
    unfinished: dict[str, str]
    with_own: bool

    @classmethod
    def parse(cls, exported: str, run_started: datetime) -> Self:
        """Read the output of `pulumi stack export`. Raises StateUnreadableError for anything else."""
        try:
            deployment = json.loads(exported)["deployment"]
            resources = deployment.get("resources") or []
            journals = [each for each in resources if each["type"] == JOURNAL]
            integrations = [each for each in resources if each["type"] == INTEGRATION]
            operations = deployment.get("pending_operations") or []
            return cls(
                pending=Counter(each["resource"]["urn"] for each in operations if each["type"] == "creating"),
                noted={urn: before for each in journals for urn, before in _noted(each).items()},
                journal=journals[0]["urn"] if journals else "",
                managed={each["id"]: each["urn"] for each in integrations},
                ids={each["urn"]: each["id"] for each in integrations if not each.get("delete")},
                unfinished={each["urn"]: each["id"] for each in integrations if _is_unfinished(each)},
                with_own=datetime.fromisoformat(deployment["manifest"]["time"]) >= run_started,
            )
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise StateUnreadableError(f"pulumi stack export: {type(error).__name__}") from None

    @property
    def interrupted(self) -> frozenset[str]:
        """The URNs in the CreateJournal of which nobody has said yet what RootFi has.

        With another id than before, it landed after all, or was adopted.
        """
        return frozenset(
            urn for urn, before in self.noted.items() if before is None or self.ids.get(urn, before) == before
        )

    def left_pending(self, urn: str) -> bool:
        """Tell whether an earlier run left a create of this URN pending, once this run's own has begun."""
        return self.pending[urn] > (1 if self.with_own else 0)


class StackState:
    """Reads the running stack's state.

    With `reads_at_once` the first reading begins at once, in parallel with the program. `is_certain` says
    that it can only be this stack's. Of an inline program of the Automation API it may be another's, of the
    same name: the engine has an environment and a folder of its own, known on Linux alone.
    With `is_in_pulumi_cloud` the time in the state is not this machine's, so `with_own` may be wrong.
    A backend in the legacy layout knows a stack by its bare name alone, whatever its project.
    """

    def __init__(self, *, reads_at_once: bool) -> None:
        self._run_started = datetime.now(UTC)
        # Here, since only the program's own thread knows its stack.
        self._bare_name, organization = pulumi.get_stack(), pulumi.get_organization()
        self._stack = f"{organization}/{pulumi.get_project()}/{self._bare_name}"
        self.is_in_pulumi_cloud = organization != _NO_ORGANIZATION
        root: str | None = pulumi.runtime.get_root_directory()
        self.is_certain = root is not None
        # Not the program's folder: `main` may be elsewhere, and the program may have gone elsewhere.
        self._folder, self._environ = (Path(root), {}) if root else surroundings(engine_port())
        self._first: subprocess.Popen[str] | None = None
        if reads_at_once:
            self._begin()

    def _begin(self) -> None:
        with contextlib.suppress(PulumiError):
            self._first = _start_export(self._stack, self._folder, self._environ)
            atexit.register(self._first.kill)
            # Most runs create nothing and never ask for the answer: it must not slow them down.
            with contextlib.suppress(OSError):
                # Not allowed where this process is less than that already.
                os.setpriority(os.PRIO_PROCESS, self._first.pid, _NICENESS)

    @property
    def is_found(self) -> bool:
        """Whether it is known where the state of this stack is read."""
        return self._folder is not None

    def at_start(self) -> EarlierRuns:
        """Return what the first reading told, or, if it failed, what the state tells now."""
        if self._first:
            with contextlib.suppress(StateUnreadableError):
                return _finish_export(self._first, self._run_started)
        return self.now()

    def now(self) -> EarlierRuns:
        """Read the state anew. Raises StateUnreadableError if that fails several times over."""
        for _ in range(_ATTEMPTS - 1):
            with contextlib.suppress(StateUnreadableError):
                return self._read()
        return self._read()

    def _read(self) -> EarlierRuns:
        try:
            return read_state(self._stack, self._run_started, self._folder, self._environ)
        except StateUnreadableError as error:
            if self.is_in_pulumi_cloud or not _OF_LEGACY_LAYOUT.search(error.why):
                raise
        # In another layout the bare name could be of another organization's stack.
        self._stack = self._bare_name
        return read_state(self._stack, self._run_started, self._folder, self._environ)


def read_state(
    stack: str, run_started: datetime, folder: Path | None = None, environ: Mapping[str, str] | None = None
) -> EarlierRuns:
    """Read the state of a stack of the project in this folder. Raises StateUnreadableError."""
    try:
        export = _start_export(stack, folder, environ)
    except PulumiError as error:
        raise StateUnreadableError(str(error)) from None
    return _finish_export(export, run_started)


def _start_export(
    stack: str, folder: Path | None, environ: Mapping[str, str] | None
) -> subprocess.Popen[str]:
    brief = {**(environ or {}), **_BRIEF}
    return pulumi_cli.start("stack", "export", "--stack", stack, folder=folder, environ=brief)


def _finish_export(export: subprocess.Popen[str], run_started: datetime) -> EarlierRuns:
    try:
        exported = pulumi_cli.finish(export)
    except PulumiError as error:
        raise StateUnreadableError(str(error)) from None
    return EarlierRuns.parse(exported, run_started)


def name_of(urn: str) -> str:
    """Return the last part of a URN."""
    return urn.rpartition("::")[2]


def _noted(journal: dict[str, Any]) -> dict[str, str | None]:
    outputs = journal.get("outputs") or {}
    before = outputs.get("managed_before") or {}
    return {_renamed(urn, journal["urn"]): before.get(urn) for urn in outputs.get("interrupted") or []}


def _renamed(urn: str, journal: str) -> str:
    # `pulumi stack rename` renames what has a URN, but nothing in outputs.
    stack, project, _ = journal.split("::", 2)
    return "::".join([stack, project, urn.split("::", 2)[2]])


def _is_unfinished(integration: dict[str, Any]) -> bool:
    # One that is about to be deleted has been replaced, so somebody has said what became of it.
    return bool((integration.get("outputs") or {}).get("unfinished")) and not integration.get("delete")
