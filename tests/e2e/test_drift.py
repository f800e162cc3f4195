"""What changed at RootFi without us is seen by refresh and put right by the next up."""

import re
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project


def test_refresh_is_one_get_for_each_integration(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    project.up()
    emulator.forget_requests()
    project.refresh("--expect-no-changes")
    assert sorted(emulator.calls) == ["GET /integrations/1234", "GET /integrations/1235"]


def test_preview_refresh_names_what_drifted(deployed: Project, emulator: Emulator) -> None:
    emulator.edit(1234, client_id="changed-by-hand", is_disabled=True)
    shown = deployed.preview("--refresh").output
    assert '"changed-by-hand" => "xero-app"' in shown
    assert re.search("is_disabled *: true => false", shown)


def test_up_after_drift_restores_the_declaration(deployed: Project, emulator: Emulator) -> None:
    emulator.edit(1234, client_id="changed-by-hand")
    deployed.up("--refresh")
    assert emulator.calls == ["GET /integrations/1234", "PUT /integrations/1234"]
    assert emulator.integration(1234).client_id == "xero-app"
    deployed.preview("--refresh", "--expect-no-changes")


def test_a_secret_changed_at_rootfi_is_drift(deployed: Project, emulator: Emulator) -> None:
    deployed.secrets.append("changed-by-hand-secret")
    emulator.edit(1234, client_secret="changed-by-hand-secret")
    deployed.up("--refresh")
    assert emulator.integration(1234).client_secret == deployed.environ["XERO_CLIENT_SECRET"]


@pytest.mark.parametrize("secrets", ["masked", "null", "omitted"])
def test_a_secret_that_rootfi_does_not_show_is_no_drift(
    deployed: Project, emulator: Emulator, secrets: Any
) -> None:
    emulator.secrets = secrets
    deployed.preview("--refresh", "--expect-no-changes")


def test_removed_outside_is_created_again(deployed: Project, emulator: Emulator) -> None:
    emulator.remove(1234)
    deployed.up("--refresh")
    assert emulator.calls == ["GET /integrations/1234", "POST /integrations"]
    assert deployed.output()["xero"]["rootfi_id"] == 1235


def test_a_failed_read_is_not_taken_for_missing(deployed: Project, emulator: Emulator) -> None:
    emulator.inject(Fault(operation="read", status=500, times=None))
    deployed.refresh(code=None)
    assert deployed.resources()["xero"]["id"] == "1234"


@pytest.mark.case
def test_what_rootfi_adds_is_no_drift(deployed: Project, emulator: Emulator) -> None:
    emulator.edit(1234, metadata={"note": "from support"})
    deployed.preview("--refresh", "--expect-no-changes")
