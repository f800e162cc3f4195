"""A transform that returns fresh options drops the guard's hooks; no create is repeated for that."""

import sys

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.pulumi_project import Project
from tests.support.runs.kills import interrupt, kill_plugin

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="on Linux alone the plugin asks the program")

PROGRAM = """
import pulumi
from pulumi.runtime import register_resource_transform, register_stack_transformation
from rootfi_pulumi import FromEnv, RootFiIntegration

def transform(args):
    return pulumi.ResourceTransformResult(args.props, pulumi.ResourceOptions())

def transformation(args):
    return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions())

opts = pulumi.ResourceOptions({opts})
{first}
RootFiIntegration(
    "xero", integration_type="XERO", client_id="a", client_secret=FromEnv("XERO_CLIENT_SECRET"), opts=opts
)
"""
WAYS = {
    "stack-transform": PROGRAM.format(first="register_resource_transform(transform)", opts=""),
    "transform": PROGRAM.format(first="", opts="transforms=[transform]"),
    "stack-transformation": PROGRAM.format(first="register_stack_transformation(transformation)", opts=""),
    "transformation": PROGRAM.format(first="", opts="transformations=[transformation]"),
}


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(program, id=way, marks=[pytest.mark.case] if way != "stack-transform" else [])
        for way, program in WAYS.items()
    ],
)
def test_dropped_hooks_let_no_killed_create_be_repeated(
    program: str, project: Project, emulator: Emulator
) -> None:
    project.write(program)
    interrupt(project, emulator)
    project.pulumi("cancel", "--yes")
    assert "xero: not created: an earlier run was interrupted" in project.up(code=None).output
    assert emulator.calls == []


@pytest.mark.measured
def test_dropped_hooks_let_a_dead_plugin_be_noted(project: Project, emulator: Emulator) -> None:
    project.write(WAYS["transform"])
    kill_plugin(project, emulator)
    assert "xero: not created: an earlier run was interrupted" in project.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_dropped_hooks_refuse_no_new_create(project: Project, emulator: Emulator) -> None:
    project.write(WAYS["stack-transform"])
    project.up()
    project.preview("--refresh", "--expect-no-changes")
    assert emulator.calls[0] == "POST /integrations"
