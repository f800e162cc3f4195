"""A create that a killed run left pending is found where program and engine are not in the same place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import PROGRAM, XERO, Project
from tests.support.runs.background import Running

AUTOMATION = """
import os
import sys

from pulumi import automation


def program():
    from rootfi_pulumi import FromEnv, RootFiIntegration

    RootFiIntegration(
        "xero", integration_type="XERO", client_id="app", client_secret=FromEnv("XERO_CLIENT_SECRET")
    )


places = {
    "inline": {"project_name": "rootfi", "program": program},
    "local": {"work_dir": os.environ["LOCAL"]},
}
stack = automation.create_or_select_stack(
    stack_name="dev",
    **places[sys.argv[1]],
    opts=automation.LocalWorkspaceOptions(env_vars={"PULUMI_BACKEND_URL": os.environ["ITS_BACKEND"]}),
)
stack.set_config("rootfi:baseUrl", automation.ConfigValue(os.environ["EMULATOR"]))
if sys.argv[2:] == ["cancel"]:
    stack.cancel()
stack.up(on_output=lambda text: print(text, flush=True))
"""
REFUSED = "xero: not created: an earlier run was interrupted"


def elsewhere(project: Project) -> None:
    """Move the program out of the project, and name the backend in Pulumi.yaml alone."""
    program = project.folder.parent / "program"
    program.mkdir()
    (program / "__main__.py").write_text(PROGRAM)
    (project.folder / "__main__.py").unlink()
    settings = project.folder / "Pulumi.yaml"
    url = project.environ.pop("PULUMI_BACKEND_URL")
    settings.write_text(f"{settings.read_text()}\nmain: ../program\nbackend: {{url: {url}}}\n")


def wander(project: Project) -> None:
    """Let the program go into a folder that another project is above."""
    other = project.folder / "other"
    other.mkdir()
    (other / "Pulumi.yaml").write_text("name: other\nruntime: python\n")
    program = project.folder / "__main__.py"
    program.write_text(f"import os\n\nos.chdir({str(other)!r})\n{PROGRAM}")


@pytest.mark.parametrize("arrange", [elsewhere, pytest.param(wander, marks=pytest.mark.case)])
def test_a_killed_create_is_found_wherever_the_program_is(
    arrange: object, project: Project, emulator: Emulator
) -> None:
    assert callable(arrange)
    arrange(project)
    project.declare({"xero": XERO})
    emulator.inject(Fault(operation="create", hold=True))
    running = Running.start(project, "up")
    emulator.wait_until_held()
    family = running.family()
    running.kill(running.cli.pid)
    emulator.release()
    running.end(family)
    project.pulumi("cancel", "--yes", "--stack", "dev")
    emulator.forget_requests()
    assert REFUSED in project.up("--stack", "dev", code=None).output
    assert emulator.calls == []


@pytest.fixture
def automation(project: Project, emulator: Emulator, tmp_path: Path) -> Project:
    """A project whose folder has a script for the Automation API, with a backend of its own."""
    script, backend = tmp_path / "automation" / "script.py", tmp_path / "its backend"
    script.parent.mkdir()
    backend.mkdir()
    script.write_text(AUTOMATION)
    project.declare({"xero": XERO})
    local = project.folder
    project.folder = script.parent
    project.environ |= {
        # Where an inline program's plugin finds its packages.
        "PATH": f"{sys.prefix}/bin{os.pathsep}{project.environ['PATH']}",
        "ITS_BACKEND": backend.as_uri(),
        "EMULATOR": emulator.url,
        "LOCAL": str(local),
    }
    return project


def run(project: Project, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "script.py", *args],
        cwd=project.folder,
        env=project.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("place", ["inline", pytest.param("local", marks=pytest.mark.case)])
def test_a_killed_create_is_found_by_the_automation_api(
    place: str, automation: Project, emulator: Emulator
) -> None:
    emulator.inject(Fault(operation="create", hold=True))
    first = Running(run(automation, place))
    emulator.wait_until_held()
    family = first.family()
    [engine] = [pid for pid, command in family.items() if command.startswith("pulumi ") and " up " in command]
    first.kill(engine)
    emulator.release()
    first.end(family)
    emulator.forget_requests()
    with run(automation, place, "cancel") as second:
        output, _ = second.communicate(timeout=5 * PATIENCE)
    assert REFUSED in output
    assert emulator.calls == []


@pytest.mark.case
def test_an_inline_program_creates_what_no_run_left(automation: Project, emulator: Emulator) -> None:
    with run(automation, "inline") as only:
        output, _ = only.communicate(timeout=5 * PATIENCE)
    assert only.returncode == 0, output
    assert emulator.calls == ["POST /integrations"]
