"""What `rootfi-pulumi doctor` reports about creates left by earlier runs, and whether its commands help."""

from collections.abc import Callable
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.provider.phrases import DIFFERS, MAY_EXIST, NOT_DISABLED
from tests.support.command.doctor import cure, problem
from tests.support.command.in_project import rootfi_pulumi
from tests.support.prepared_projects import lose_answer_to_create
from tests.support.pulumi_project import XERO, Project
from tests.support.runs.background import Running


def crash(project: Project, emulator: Emulator, *, of_plugin: bool, lands: bool) -> None:
    lost: dict[str, Any] = {} if lands else {"hang_up": "before"}
    emulator.inject(Fault(operation="create", hold=True, **lost))
    running = Running.start(project, "up")
    emulator.wait_until_held()
    family = running.family()
    running.kill(running.plugin() if of_plugin else running.cli.pid)
    emulator.release()
    running.end(family)
    if not of_plugin:
        project.pulumi("cancel", "--yes")


@pytest.mark.case
def test_a_pending_create_that_rootfi_has_not(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    crash(project, emulator, of_plugin=False, lands=False)
    cure(project, f"{problem(project, 'pending creates')['command']} --yes")
    project.up()


@pytest.mark.case
def test_a_pending_create_that_rootfi_has(project: Project, emulator: Emulator, api_key: str) -> None:
    project.declare({"xero": XERO})
    crash(project, emulator, of_plugin=False, lands=True)
    found = problem(project, "pending creates")
    assert found["message"].startswith("xero: ")
    assert "If RootFi has it, add `adopt: <its rootfi_id>` and run `pulumi up`." in found["remedy"]
    project.declare({"xero": XERO | {"adopt": 1234}})
    project.up()
    cure(project, f"{found['command']} --yes")
    assert len(emulator.integrations(api_key)) == 1


@pytest.mark.case
def test_a_create_noted_in_the_journal_that_rootfi_has_not(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    crash(project, emulator, of_plugin=True, lands=False)
    cure(project, f"{problem(project, 'journal of creates')['command']} --yes")
    project.up()


@pytest.mark.case
def test_a_create_noted_in_the_journal_that_rootfi_has(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    crash(project, emulator, of_plugin=True, lands=True)
    assert "add `adopt: <its rootfi_id>`" in problem(project, "journal of creates")["remedy"]
    project.declare({"xero": XERO | {"adopt": 1234}})
    project.up()
    rootfi_pulumi(project, "doctor")


@pytest.fixture
def unfinished(prepared: Callable[..., Project]) -> Project:
    """The project after an up whose POST landed, as 1234, and whose answer was lost."""
    return prepared(lose_answer_to_create)


@pytest.mark.case
def test_an_unfinished_create_that_rootfi_has_not(unfinished: Project, emulator: Emulator) -> None:
    emulator.remove(1234)
    cure(unfinished, f"{problem(unfinished, 'unfinished creates')['command']} --yes")
    assert unfinished.resources()["xero"]["id"] == "1235"


def test_an_unfinished_create_that_rootfi_has(unfinished: Project) -> None:
    found = problem(unfinished, "unfinished creates")
    assert found["message"].startswith(f"xero: {MAY_EXIST} (2")
    assert "Look in RootFi for a XERO integration with client id xero-app" in found["remedy"]
    assert "add `adopt: <its rootfi_id>`" in found["remedy"]
    unfinished.declare({"xero": XERO | {"adopt": 1234}})
    unfinished.up()
    rootfi_pulumi(unfinished, "doctor")


@pytest.mark.case
def test_a_create_that_was_not_disabled(project: Project, emulator: Emulator) -> None:
    emulator.inject(Fault(operation="update", status=500))
    project.declare({"xero": XERO | {"is_disabled": True}})
    project.up(code=None)
    found = problem(project, "unfinished creates")
    assert found["message"].startswith(f"xero: {NOT_DISABLED} (PUT /integrations/1234: 500")
    cure(project, f"{found['command']} --yes")
    assert emulator.integration(1234).is_disabled


@pytest.mark.case
def test_adoption_that_differs_is_applied(project: Project, emulator: Emulator, api_key: str) -> None:
    secret = project.environ["XERO_CLIENT_SECRET"]
    emulator.add_integration(api_key, integration_type="XERO", client_id="by-hand", client_secret=secret)
    project.declare({"xero": XERO | {"adopt": 1234}})
    project.up(code=None)
    found = problem(project, "unfinished creates")
    assert found["message"].startswith(f"xero: {DIFFERS} in client_id")
    cure(project, f"{found['command']} --yes")
