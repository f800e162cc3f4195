"""An Environment of plain mappings, in a program of one's own, and what Pulumi offers and RootFi cannot do."""

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.pulumi_project import Project

PROGRAM = """
import pulumi
from rootfi_pulumi import Environment, EnvironmentIntegrationArgs, FromEnv, IntegrationType, IntegrationSummary

xero: EnvironmentIntegrationArgs = {
    "integration_type": IntegrationType.XERO,
    "client_id": "xero-app",
    "client_secret": FromEnv("XERO_CLIENT_SECRET"),
    "retain_on_delete": True,
}
first = Environment("first", {"xero": xero}, pulumi.ResourceOptions(protect=True))
wave: EnvironmentIntegrationArgs = {
    "integration_type": "WAVE",
    "client_id": first.integrations["xero"].rootfi_id.apply(lambda rootfi_id: f"after-{rootfi_id}"),
    "client_secret": pulumi.Output.secret("%s"),
    "is_disabled": pulumi.Output.from_input(True),
}
second = Environment("second", {"wave": wave})
pulumi.export("integrations", second.summary)
"""
MISTAKEN = """
import pulumi
from rootfi_pulumi import Environment

Environment("qa", {
    "xero": {"integration_type": "XER0", "client_id": pulumi.Output.from_input("x"), "client_secret": "%s "},
    "wave": {"integration_type": "WAVE", "client_id": "wave", "client_secert": "%s"},
    "tally": {"integration_type": "TALLY", "client_id": "x", "client_secret": "x", "protect": pulumi.Output.secret(1)},
})
"""
LATER = """
import pulumi
from rootfi_pulumi import Environment

secret = pulumi.Output.secret("%s ")
Environment("qa", {"xero": {"integration_type": "XERO", "client_id": "x", "client_secret": secret}})
"""
UNSUPPORTED = """
import pulumi
from rootfi_pulumi import FromEnv, RootFiIntegration

def declare(**options):
    opts = pulumi.ResourceOptions(**options)
    secret = FromEnv("XERO_CLIENT_SECRET")
    RootFiIntegration("xero", opts, integration_type="XERO", client_id="xero-app", client_secret=secret)

%s
"""
ADOPT = "To manage an existing integration, pass `adopt=<its rootfi_id>`."


def test_an_environment_takes_mappings_with_outputs(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    project.secrets.append("hunter2hunter2")
    project.write(PROGRAM % "hunter2hunter2")
    project.preview()
    project.up()
    assert [(each.client_id, each.is_disabled) for each in emulator.integrations(api_key)] == [
        ("xero-app", False),
        ("after-1234", True),
    ]
    wave = {"rootfi_id": 1235, "integration_type": "WAVE", "client_id": "after-1234", "is_disabled": True}
    assert project.output() == {"wave": wave}
    xero = project.resources()["xero"]
    assert (xero["protect"], xero["retainOnDelete"]) == (True, True)
    assert "protect" not in project.resources()["wave"]
    project.preview("--expect-no-changes")


def test_mistakes_in_mappings_are_reported_at_once(project: Project, emulator: Emulator) -> None:
    project.secrets.append("hunter2hunter2")
    project.write(MISTAKEN.replace("%s", "hunter2hunter2"))
    output = project.up(code=None).output
    for line in (
        "error: Environment qa has mistakes:",
        'integrations.xero.integration_type: "XER0" is not an integration type: did you mean XERO?',
        "integrations.xero.client_secret: starts or ends with white space",
        "integrations.wave.client_secret: is missing",
        "integrations.wave.client_secert: is not a member of an integration: did you mean client_secret?",
        "integrations.tally.protect: cannot be an Output: Pulumi needs it before Outputs are known",
    ):
        assert line in output
    assert "integrations.xero.client_id" not in output
    assert "Traceback" not in output
    assert emulator.calls == []


def test_a_mistake_in_an_output_is_found_by_the_provider(project: Project, emulator: Emulator) -> None:
    project.secrets.append("hunter2hunter2")
    project.write(LATER % "hunter2hunter2")
    output = project.up(code=None).output
    assert "client_secret: starts or ends with white space" in output
    assert "Traceback" not in output
    assert emulator.calls == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('declare(import_="1234")', "integration xero: the option `import_`"),
        ('declare(id="1234")', "integration xero: the option `id`"),
        ('RootFiIntegration.get("xero", "1234")', "RootFiIntegration.get"),
    ],
)
def test_what_pulumi_cannot_do_names_adopt(
    project: Project, emulator: Emulator, line: str, what: str
) -> None:
    project.write(UNSUPPORTED % line)
    output = project.preview(code=None).output
    assert f"error: {what} is not supported. {ADOPT}" in output
    assert "Traceback" not in output
    assert emulator.calls == []


@pytest.mark.case
def test_pulumi_import_fails_as_the_docs_say(project: Project, emulator: Emulator) -> None:
    command = ["import", "pulumi-python:dynamic/rootfi:RootFiIntegration", "xero", "1234", "--yes"]
    assert "KeyError: '__provider'" in project.pulumi(*command, code=None).output
    assert emulator.calls == []
