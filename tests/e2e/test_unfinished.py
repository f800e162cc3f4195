"""A create whose outcome is unknown, or half of which failed, stays in the state until it is resolved."""

import pytest
from pulumi_project import QUICKBOOKS, XERO, Project

from rootfi_pulumi.emulator import Emulator, Fault


@pytest.fixture
def unfinished(project: Project, emulator: Emulator) -> Project:
    """The project after an up whose POST landed and whose answer was lost: integration 1234."""
    emulator.inject(Fault(operation="create", hang_up="after"))
    project.declare({"xero": XERO})
    project.up(code=None)
    emulator.forget_requests()
    return project


def test_the_run_fails_and_the_others_land(project: Project, emulator: Emulator, api_key: str) -> None:
    emulator.inject(Fault(operation="create", integration_type="XERO", hang_up="before"))
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    assert "integration xero is unfinished" in project.up(code=None).output
    assert [made.integration_type for made in emulator.integrations(api_key)] == ["QUICKBOOKS"]
    assert project.resources()["xero"]["id"].startswith("unresolved-")
    assert not project.resources()["quickbooks"]["id"].startswith("unresolved-")


def test_a_disable_that_failed_after_the_post_is_finished_by_the_next_up(
    project: Project, emulator: Emulator
) -> None:
    emulator.inject(Fault(operation="update", status=500))
    project.declare({"xero": XERO | {"is_disabled": True}})
    assert "created as 1234 but not disabled" in project.up(code=None).output
    project.pulumi("up", "--yes")
    assert emulator.calls == ["POST /integrations", "PUT /integrations/1234", "PUT /integrations/1234"]
    assert emulator.integration(1234).is_disabled
    project.up("--expect-no-changes")
