"""A plan that one process saves holds in another, with a secret of the environment too."""

from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.pulumi_project import XERO, Project

NEW = "the-rotated-value"
CLIENT_ID_OF_A_RESOURCE = """
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider
from rootfi_pulumi import FromEnv, RootFiIntegration

class ApplicationProvider(ResourceProvider):
    def create(self, props):
        return CreateResult("1", {"client_id": "xero-app"})

class Application(Resource):
    client_id: pulumi.Output[str]

application = Application(ApplicationProvider(), "application", {"client_id": None})
RootFiIntegration(
    "xero",
    integration_type="XERO",
    client_id=application.client_id,
    client_secret=FromEnv("XERO_CLIENT_SECRET"),
)
"""


@pytest.fixture
def plan(project: Project, tmp_path: Path) -> str:
    """The path of a plan that the tests save."""
    project.environ["PULUMI_EXPERIMENTAL"] = "true"
    project.secrets.append(NEW)
    return str(tmp_path / "plan.json")


def test_plan_of_a_new_stack_holds(project: Project, emulator: Emulator, plan: str) -> None:
    project.declare({"xero": XERO})
    project.preview("--save-plan", plan)
    project.up("--plan", plan)
    assert emulator.integration(1234).client_secret == project.environ["XERO_CLIENT_SECRET"]
    project.preview("--refresh", "--expect-no-changes")


@pytest.mark.case
def test_plan_refuses_another_secret(project: Project, emulator: Emulator, plan: str) -> None:
    project.declare({"xero": XERO})
    project.preview("--save-plan", plan)
    assert "violates plan" in project.up("--plan", plan, code=None, XERO_CLIENT_SECRET=NEW).output
    assert emulator.calls == []


@pytest.mark.case
@pytest.mark.parametrize("change", [{}, {"client_id": "another"}, {"integration_type": "WAVE"}], ids=str)
def test_plan_of_a_rotation_holds(
    project: Project, emulator: Emulator, plan: str, change: dict[str, Any]
) -> None:
    project.declare({"xero": XERO})
    project.up()
    project.declare({"xero": XERO | change})
    project.environ["XERO_CLIENT_SECRET"] = NEW
    project.preview("--save-plan", plan)
    project.up("--plan", plan)
    assert emulator.integration(1235 if "integration_type" in change else 1234).client_secret == NEW
    project.preview("--refresh", "--expect-no-changes")


@pytest.mark.case
def test_plan_holds_where_client_id_is_unknown(project: Project, emulator: Emulator, plan: str) -> None:
    project.write(CLIENT_ID_OF_A_RESOURCE)
    project.preview("--save-plan", plan)
    project.up("--plan", plan)
    assert emulator.integration(1234).client_id == "xero-app"
