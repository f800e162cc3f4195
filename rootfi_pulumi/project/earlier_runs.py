"""Reads what earlier runs left in the stack's state: unfinished creates and the ids of integrations.

`pulumi stack export` reads the state from any backend. See
https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
"""

import json
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.pulumi_cli import PulumiError
from rootfi_pulumi.state import DIFFERS_IN, INTEGRATION, INTERRUPTED, JOURNAL, MANAGED_BEFORE, UNFINISHED


class StateUnreadableError(Exception):
    """The stack's state cannot be read. `why` is the reason alone, `str()` the whole message."""

    def __init__(self, why: str) -> None:
        super().__init__(f"an earlier run may have created it, and the stack's state cannot be read: {why}")
        self.why = why


@dataclass(frozen=True)
class Unfinished:
    """An integration in the state whose create is not finished.

    `reason` is its output `unfinished`. What to look for at RootFi is None if the state holds it encrypted.
    """

    id: str
    reason: str
    integration_type: str | None
    client_id: str | None

    @classmethod
    def parse(cls, resource: dict[str, Any]) -> Self:
        """Read a resource of the state."""
        outputs = resource["outputs"]
        shown = {name: value for name, value in outputs.items() if isinstance(value, str)}
        return cls(
            resource["id"],
            shown.get(UNFINISHED, ""),
            shown.get("integration_type"),
            shown.get("client_id"),
        )


@dataclass(frozen=True)
class Adopted:
    """An integration in the state that differed from its declaration when it was adopted.

    `members` are those that differed, `ignored` the resource's `ignore_changes`.
    """

    id: str
    members: tuple[str, ...]
    ignored: tuple[str, ...]

    @classmethod
    def parse(cls, resource: dict[str, Any]) -> Self:
        """Read a resource of the state."""
        members, ignored = resource["outputs"][DIFFERS_IN], resource.get("ignoreChanges") or ()
        return cls(resource["id"], tuple(map(str, members)), tuple(map(str, ignored)))


@dataclass(frozen=True)
class EarlierRuns:
    """What earlier runs left in the state.

    `pending` counts the engine's pending creates by URN.
    `noted` maps the URNs in the CreateJournal to the id before that create: "" for none, None if unknown.
    `journal` is the URN of the CreateJournal, or "".
    `managed` maps ids of integrations to URNs; `ids` maps URNs to ids, without those about to be deleted.
    `unfinished` maps URNs to the integrations whose create is not finished.
    `differing` maps URNs to adopted integrations whose differences no update has applied yet.
    `with_own` says whether this run wrote the state, so that `pending` may include this run's own creates.
    """

    pending: Counter[str]
    noted: dict[str, str | None]
    journal: str
    managed: dict[str, str]
    ids: dict[str, str]
    unfinished: dict[str, Unfinished]
    with_own: bool
    differing: dict[str, Adopted] = field(default_factory=dict)

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
                unfinished={
                    each["urn"]: Unfinished.parse(each) for each in integrations if _is_left(each, UNFINISHED)
                },
                differing={
                    each["urn"]: Adopted.parse(each) for each in integrations if _is_left(each, DIFFERS_IN)
                },
                with_own=datetime.fromisoformat(deployment["manifest"]["time"]) >= run_started,
            )
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise StateUnreadableError(f"pulumi stack export: {type(error).__name__}") from None

    @property
    def interrupted(self) -> frozenset[str]:
        """The URNs in the CreateJournal whose outcome is still unknown.

        An id that differs from the one before resolves a create: it succeeded, or was adopted.
        """
        return frozenset(
            urn for urn, before in self.noted.items() if before is None or self.ids.get(urn, before) == before
        )

    def left_pending(self, urn: str) -> bool:
        """Return whether an earlier run left a create of this URN pending. This run has begun its own."""
        return self.pending[urn] > (1 if self.with_own else 0)


def read_state(
    stack: str, run_started: datetime, folder: Path | None = None, environ: Mapping[str, str] | None = None
) -> EarlierRuns:
    """Read the state of a stack of the project in this folder. Raises StateUnreadableError."""
    try:
        export = start_export(stack, folder, environ)
    except PulumiError as error:
        raise StateUnreadableError(str(error)) from None
    return finish_export(export, run_started)


def start_export(stack: str, folder: Path | None, environ: Mapping[str, str] | None) -> subprocess.Popen[str]:
    """Start reading a stack's state; `finish_export` returns it. Raises PulumiError."""
    return pulumi_cli.start("stack", "export", "--stack", stack, folder=folder, environ=environ)


def finish_export(export: subprocess.Popen[str], run_started: datetime) -> EarlierRuns:
    """Return the state from a started export. Raises StateUnreadableError."""
    try:
        exported = pulumi_cli.finish(export)
    except PulumiError as error:
        raise StateUnreadableError(str(error)) from None
    return EarlierRuns.parse(exported, run_started)


def _noted(journal: dict[str, Any]) -> dict[str, str | None]:
    outputs = journal.get("outputs") or {}
    before = outputs.get(MANAGED_BEFORE) or {}
    return {_renamed(urn, journal["urn"]): before.get(urn) for urn in outputs.get(INTERRUPTED) or []}


def _renamed(urn: str, journal: str) -> str:
    # `pulumi stack rename` changes the URNs of resources, but not those in outputs.
    stack, project, _ = journal.split("::", 2)
    return "::".join([stack, project, urn.split("::", 2)[2]])


def _is_left(integration: dict[str, Any], output: str) -> bool:
    # One about to be deleted has been replaced, which resolves it.
    return bool((integration.get("outputs") or {}).get(output)) and not integration.get("delete")
