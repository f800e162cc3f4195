"""An interrupted create is not repeated blindly; each way out that the message names does what it says."""

import os
import shutil
import signal
from collections.abc import Callable

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.provider.phrases import MANAGED_ALREADY, NOT_CREATED
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project
from tests.support.runs.background import Running
from tests.support.runs.kills import interrupt

LIBRARY = """
from rootfi_pulumi import FromEnv, RootFiIntegration

RootFiIntegration(
    "xero", integration_type="XERO", client_id="xero-app", client_secret=FromEnv("XERO_CLIENT_SECRET")
)
"""
TWO_ADOPT_ONE = """
from rootfi_pulumi import FromEnv, RootFiIntegration

for name in ("a", "b"):
    RootFiIntegration(
        name, integration_type="XERO", client_id="x", client_secret=FromEnv("XERO_CLIENT_SECRET"), adopt=1234
    )
"""


def declare_xero_and_interrupt(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    interrupt(project, emulator)


def cancel(project: Project, _: Emulator) -> None:
    project.pulumi("cancel", "--yes")


@pytest.fixture
def locked(prepared: Callable[..., Project]) -> Project:
    """The project after an `up` whose CLI was killed while RootFi created 1234."""
    return prepared(declare_xero_and_interrupt)


@pytest.fixture
def interrupted(prepared: Callable[..., Project]) -> Project:
    """The same after `pulumi cancel`."""
    return prepared(declare_xero_and_interrupt, cancel)


@pytest.mark.case
def test_the_lock_is_named_and_cancel_frees_it(locked: Project) -> None:
    assert "pulumi cancel" in locked.up(code=None).output
    locked.pulumi("cancel", "--yes")
    assert "currently locked" not in locked.up(code=None).output


@pytest.mark.measured
def test_the_next_up_refuses_to_create_it_again_and_says_what_to_do(
    interrupted: Project, emulator: Emulator
) -> None:
    output = interrupted.up(code=None).output
    assert "xero: not created: an earlier run was interrupted" in output
    assert "`adopt: <its rootfi_id>`" in output
    assert "  3. If it is not:  pulumi refresh --clear-pending-creates && pulumi up\n" in output
    assert "Traceback" not in output
    assert emulator.calls == []


@pytest.mark.case
def test_it_refuses_with_continue_on_error_too_and_each_time(
    interrupted: Project, emulator: Emulator
) -> None:
    for _ in range(2):
        assert "xero: not created" in interrupted.up("--continue-on-error", code=None).output
    assert emulator.calls == []


def test_adopt_takes_it_over_without_a_post(interrupted: Project, emulator: Emulator) -> None:
    interrupted.declare({"xero": XERO | {"adopt": 1234}})
    interrupted.up()
    assert emulator.calls == ["GET /integrations/1234"]
    interrupted.preview("--refresh", "--expect-no-changes")


def test_clear_pending_creates_forgets_it_so_that_up_creates(
    interrupted: Project, emulator: Emulator
) -> None:
    interrupted.refresh("--clear-pending-creates")
    interrupted.up()
    assert emulator.calls == ["POST /integrations"]


@pytest.mark.case
def test_the_override_creates_without_knowing(interrupted: Project, emulator: Emulator) -> None:
    interrupted.up(ROOTFI_SKIP_PENDING_CHECK="1")
    assert emulator.calls == ["POST /integrations"]


def test_preview_refuses_what_up_will_refuse(interrupted: Project, emulator: Emulator) -> None:
    output = interrupted.preview(code=None).output
    assert "xero: not created: an earlier run was interrupted" in output
    assert "Traceback" not in output
    interrupted.declare({"xero": XERO | {"adopt": 1234}})
    assert "1 to create" in interrupted.preview().output
    assert emulator.calls == []


@pytest.mark.case
def test_preview_without_creates_starts_no_pulumi(deployed: Project) -> None:
    deployed.declare({"xero": XERO | {"client_id": "another"}})
    assert "1 to update" in without_pulumi_for_the_program(deployed).preview().output
    assert not (deployed.folder / "asked").exists()


@pytest.mark.case
def test_preview_whose_state_is_out_of_reach_says_so(project: Project) -> None:
    project.declare({"xero": XERO})
    output = without_pulumi_for_the_program(project).preview(code=None).output
    assert "the stack's state cannot be read: pulumi stack export: the state is out of reach" in output


def test_a_state_that_cannot_be_read_stops_the_create(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    output = without_pulumi_for_the_program(project).up(code=None).output
    assert (
        "xero: not created: an earlier run may have created it, and the stack's state cannot be read"
        in output
    )
    assert "ROOTFI_SKIP_PENDING_CHECK=1" in output
    assert (project.folder / "asked").exists()
    assert emulator.calls == []


def with_pulumi_for_the_program(project: Project, script: str) -> Project:
    """Put another `pulumi` on the program's PATH; the one that runs the program is not touched."""
    fake = project.folder / "bin" / "pulumi"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    program = (project.folder / "__main__.py").read_text()
    prefix = f"import os\nos.environ['PATH'] = {str(fake.parent)!r} + ':' + os.environ['PATH']\n"
    (project.folder / "__main__.py").write_text(prefix + program)
    return project


def without_pulumi_for_the_program(project: Project) -> Project:
    script = f"touch {project.folder / 'asked'}; echo the state is out of reach >&2; exit 1"
    return with_pulumi_for_the_program(project, script)


def late_state(project: Project) -> Project:
    """Let the first reading of the state fail, as one may that meets the engine writing it."""
    asked, real = project.folder / "asked", shutil.which("pulumi", path=project.environ["PATH"])
    once = f"if [ ! -e {asked} ]; then touch {asked}; exit 1; fi"
    return with_pulumi_for_the_program(project, f'{once}; exec {real} "$@"')


@pytest.mark.case
def test_a_state_read_late_does_not_refuse_the_runs_own_create(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    late_state(project).up()
    assert (project.folder / "asked").exists()
    assert emulator.calls == ["POST /integrations"]


@pytest.mark.case
def test_a_state_read_late_still_shows_the_interrupted_create(
    interrupted: Project, emulator: Emulator
) -> None:
    assert "xero: not created: an earlier run" in late_state(interrupted).up(code=None).output
    assert emulator.calls == []


def test_the_guard_is_on_a_bare_resource_of_a_library_program(project: Project, emulator: Emulator) -> None:
    project.write(LIBRARY)
    interrupt(project, emulator)
    project.pulumi("cancel", "--yes")
    assert "xero: not created" in project.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_the_other_integrations_of_the_interrupted_run_are_not_refused(
    interrupted: Project, emulator: Emulator, api_key: str
) -> None:
    interrupted.declare({"xero": XERO | {"adopt": 1234}, "quickbooks": QUICKBOOKS})
    interrupted.up()
    assert [made.integration_type for made in emulator.integrations(api_key)] == ["XERO", "QUICKBOOKS"]


@pytest.mark.measured
def test_a_replacement_that_would_disable_what_it_adopts_is_refused(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    secret = project.environ["XERO_CLIENT_SECRET"]
    emulator.add_integration(api_key, integration_type="XERO", client_id="xero-app", client_secret=secret)
    project.declare({"xero": XERO | {"adopt": 1234}})
    project.up()
    urn = project.resources()["xero"]["urn"]
    assert f"1234 {MANAGED_ALREADY}" in project.up("--replace", urn, code=None).output
    assert not emulator.integration(1234).is_disabled


def test_adopting_what_the_stack_already_manages_is_an_error(deployed: Project, emulator: Emulator) -> None:
    deployed.declare({"xero": XERO, "again": XERO | {"integration_type": "WAVE", "adopt": 1234}})
    assert f"again: {NOT_CREATED}: integration 1234 {MANAGED_ALREADY}" in deployed.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_two_resources_that_adopt_one_integration_are_an_error(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    emulator.add_integration(api_key, integration_type="XERO", client_id="x", client_secret="y")
    project.write(TWO_ADOPT_ONE)
    assert f"integration 1234 {MANAGED_ALREADY}" in project.up(code=None).output


@pytest.mark.case
def test_two_resources_that_adopt_one_secret_id_are_an_error(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    emulator.add_integration(api_key, integration_type="XERO", client_id="x", client_secret="y")
    project.write("import pulumi\n" + TWO_ADOPT_ONE.replace("adopt=1234", "adopt=pulumi.Output.secret(1234)"))
    output = project.up(code=None).output
    assert f"integration 1234 {MANAGED_ALREADY}" in output


@pytest.mark.case
def test_preview_during_a_run_that_creates_it_says_to_wait(project: Project, emulator: Emulator) -> None:
    emulator.inject(Fault(operation="create", hold=True))
    project.declare({"xero": XERO})
    running = Running.start(project, "up")
    emulator.wait_for_requests(1)
    output = project.preview(code=None).output
    emulator.release()
    running.wait()
    assert "If a run of this stack is in progress, wait for it and preview again" in output
    project.preview("--expect-no-changes")


def test_the_id_is_on_the_terminal_before_the_run_ends(project: Project, emulator: Emulator) -> None:
    emulator.inject(Fault(operation="create", integration_type="QUICKBOOKS", hold=True))
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    running = Running.start(project, "up")
    assert running.cli.stdout
    told = next(line for line in running.cli.stdout if "xero: created as 123" in line)
    assert told
    family = running.family()
    running.kill(running.cli.pid)
    emulator.release()
    running.end(family)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_nothing_of_a_run_that_was_ended_runs_on(
    project: Project, emulator: Emulator, ending: signal.Signals
) -> None:
    emulator.inject(Fault(operation="create", hold=True))
    project.declare({"xero": XERO})
    running = Running.start(project, "up")
    emulator.wait_for_requests(1)
    family = running.family()
    os.kill(running.cli.pid, ending)
    emulator.release()
    running.end(family)
