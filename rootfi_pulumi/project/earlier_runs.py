"""What the runs before this one left in the stack's state.

The state is asked of the `pulumi` command, so that it serves every backend.
Rests on https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
"""

import json
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.pulumi_cli import PulumiError
from rootfi_pulumi.state import INTEGRATION, INTERRUPTED, JOURNAL, MANAGED_BEFORE, UNFINISHED


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
    """Start to read the state of a stack; `finish_export` takes what it reads. Raises PulumiError."""
    return pulumi_cli.start("stack", "export", "--stack", stack, folder=folder, environ=environ)


def finish_export(export: subprocess.Popen[str], run_started: datetime) -> EarlierRuns:
    """Return what a started export reads. Raises StateUnreadableError."""
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
    # `pulumi stack rename` renames what has a URN, but nothing in outputs.
    stack, project, _ = journal.split("::", 2)
    return "::".join([stack, project, urn.split("::", 2)[2]])


def _is_unfinished(integration: dict[str, Any]) -> bool:
    # One that is about to be deleted has been replaced, so somebody has said what became of it.
    return bool((integration.get("outputs") or {}).get(UNFINISHED)) and not integration.get("delete")
