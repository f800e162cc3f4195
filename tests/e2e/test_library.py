"""In anyone's own program, with values not known in a preview."""

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.pulumi_project import Project

CHAIN = """
import pulumi
from rootfi_pulumi import FromEnv, IntegrationType, RootFiIntegration

xero_secret = FromEnv("XERO_CLIENT_SECRET")
first = RootFiIntegration(
    "first", integration_type=IntegrationType.XERO, client_id="first", client_secret=xero_secret
)
second = RootFiIntegration(
    "second",
    integration_type="WAVE",
    client_id=first.rootfi_id.apply(lambda rootfi_id: f"after-{rootfi_id}"),
    client_secret=first.rootfi_created_at,
)
pulumi.export("second", second.client_id)
"""


def test_a_value_unknown_in_preview_lands_in_up(project: Project, emulator: Emulator, api_key: str) -> None:
    project.write(CHAIN)
    assert "4 to create" in project.preview().output
    project.up()
    assert project.output("second") == "after-1234"
    assert emulator.calls == ["POST /integrations"] * 2
    assert [made.client_id for made in emulator.integrations(api_key)] == ["first", "after-1234"]


@pytest.mark.case
def test_a_change_to_an_unknown_value_is_an_update_in_preview(project: Project, emulator: Emulator) -> None:
    project.write(CHAIN)
    project.up()
    project.write(CHAIN.replace("IntegrationType.XERO", '"TALLY"'))
    shown = project.preview().output
    assert "replace" in shown
    assert "(update)" in shown


def test_the_state_shows_where_the_program_declares_each_integration(project: Project) -> None:
    project.write(CHAIN)
    project.up()
    made_at = {name: resource["sourcePosition"] for name, resource in project.resources().items()}
    lines = {f"project:///__main__.py#{number}" for number in (6, 9)}
    assert set(made_at.values()) == lines
