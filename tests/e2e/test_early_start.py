"""The plugin, which takes the engine as long to start as the program takes itself."""

import time

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import XERO, Project
from tests.support.runs.background import Running

WAIT = """
import sys
import time
from pathlib import Path

def wait():
    until = time.monotonic() + 600
    while not Path("go-on").exists() and time.monotonic() < until:
        time.sleep(0.01)
"""
FIRST = f"""{WAIT}
from rootfi_pulumi import FromEnv, RootFiIntegration, RootFiProvider
import pulumi

def declare(name, **opts):
    secret = FromEnv("XERO_CLIENT_SECRET")
    options = pulumi.ResourceOptions(**opts)
    RootFiIntegration(name, integration_type="XERO", client_id=name, client_secret=secret, opts=options)
"""
WAITING = f"""{FIRST}
declare("first")
wait()
"""
OTHERS_ONLY = f"""{FIRST}
import os
other = RootFiProvider("other", api_key=os.environ["ROOTFI_API_KEY"], base_url=os.environ["OTHER_BASE_URL"])
declare("provided", provider=other)
"""


def providers(project: Project) -> list[str]:
    """The names of the providers in the state."""
    urns = [resource["urn"] for resource in project.deployment()["resources"]]
    return [urn.rpartition("::")[2] for urn in urns if "::pulumi:providers:pulumi-python::" in urn]


def has_plugin(running: Running) -> bool:
    return any("-m pulumi.dynamic" in command for command in running.family().values())


def has_plugin_while_it_waits(project: Project) -> bool:
    """Run a program that waits, and let it go on once there is a plugin, or none for as long as patience lasts."""
    running = Running.start(project, "up")
    until = time.monotonic() + PATIENCE
    while not (early := has_plugin(running)) and time.monotonic() < until:
        time.sleep(0.01)
    (project.folder / "go-on").touch()
    output = running.wait()
    assert running.cli.returncode == 0, output
    return early


def test_the_plugin_starts_while_the_program_is_still_declaring(project: Project) -> None:
    project.write(WAITING)
    assert has_plugin_while_it_waits(project)


@pytest.mark.case
def test_plugin_starts_once_the_declaration_is_valid(project: Project) -> None:
    project.declare({"xero": XERO})
    program = project.folder / "__main__.py"
    program.write_text(f"{WAIT}\n{program.read_text()}\nwait()\n")
    assert has_plugin_while_it_waits(project)


@pytest.mark.case
def test_no_default_plugin_starts_if_every_integration_names_a_provider(
    project: Project, emulator: Emulator
) -> None:
    project.environ |= {"OTHER_BASE_URL": emulator.url}
    project.write(OTHERS_ONLY)
    project.up()
    assert providers(project) == ["other"]


def test_an_environment_of_nothing_starts_no_plugin(project: Project) -> None:
    project.declare({})
    project.up()
    assert providers(project) == []


@pytest.mark.parametrize("member", ["client_secret", "cleint_secret", "integration_type", "adopt"])
def test_a_config_that_is_refused_is_not_copied_into_the_state(member: str, project: Project) -> None:
    project.declare({"xero": XERO | {member: "in-plain-text"}})
    project.up(code=None)
    assert "in-plain-text" not in project.pulumi("stack", "export").output
