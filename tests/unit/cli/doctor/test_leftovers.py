"""What doctor says about an adoption that differs from its declaration, by the stack's state."""

import json
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.cli.doctor import leftovers
from rootfi_pulumi.cli.doctor.finding import Finding, Status, Subject
from rootfi_pulumi.project.earlier_runs import EarlierRuns
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.state import INTEGRATION

URN = f"urn:pulumi:dev::rootfi::{INTEGRATION}::xero"


def unfinished(monkeypatch: pytest.MonkeyPatch, **members: Any) -> Finding:
    """Return the finding about unfinished creates, where the state has an adopted integration."""
    adopted = {"type": INTEGRATION, "urn": URN, "id": "1234", "outputs": {"differs_in": ["client_id"]}}
    manifest = {"time": "2026-11-24T11:59:59Z"}
    exported = json.dumps({"deployment": {"manifest": manifest, "resources": [adopted | members]}})
    monkeypatch.setattr(
        leftovers, "read_state", lambda _stack, now, _folder: EarlierRuns.parse(exported, now)
    )
    found = leftovers.check_leftovers(Project(Path("Pulumi.yaml"), {}), "dev")
    [finding] = [each for each in found if each.subject is Subject.UNFINISHED]
    return finding


def test_adoption_that_differs_is_a_problem_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    found = unfinished(monkeypatch)
    assert (found.status, found.command) == (Status.PROBLEM, "pulumi up --stack dev")
    assert found.message == "xero: adopted, but differs from your declaration in client_id (rootfi_id 1234)"


@pytest.mark.parametrize(
    "members",
    [{"ignoreChanges": ["client_id"]}, {"ignoreChanges": ["*"]}, {"outputs": {}}, {"delete": True}],
    ids=["ignored", "all ignored", "applied", "replaced"],
)
def test_adoption_without_a_difference_to_apply_is_ok(
    members: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unfinished(monkeypatch, **members).status is Status.OK
