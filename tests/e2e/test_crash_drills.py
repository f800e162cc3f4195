"""kill -9 at every step; then the documented recovery, after which all is tracked exactly once."""

import os
import signal
import threading

import pytest
from crash_drills import DRILLS, Drill, rows
from pulumi_project import REPOSITORY, XERO, Project
from running import Running

from rootfi_pulumi.emulator import Emulator, Fault

DECLARED = {
    "create": XERO,
    "update": XERO | {"client_id": "another"},
    "replace": XERO | {"integration_type": "WAVE"},
    "retire": XERO | {"integration_type": "WAVE"},
    "delete": XERO,
}


def test_the_document_has_the_same_table() -> None:
    document = (REPOSITORY / "docs" / "recovery.md").read_text()
    assert "\n".join(rows()) in document


@pytest.mark.parametrize("drill", DRILLS, ids=str)
def test_the_documented_recovery_ends_with_everything_tracked_once(
    drill: Drill, project: Project, emulator: Emulator, api_key: str
) -> None:
    declared = DECLARED[drill.operation]
    if drill.operation != "create":
        project.declare({"xero": XERO})
        project.up()
    project.declare({"xero": declared})
    crash(drill, project, emulator)

    shown = ""
    for step in drill.recovery:
        if step == "cancel":
            project.pulumi("cancel", "--yes")
        elif step == "adopt":
            declared = declared | {"adopt": newest(emulator, api_key)}
            project.declare({"xero": declared})
        elif step == "forget":
            forget(project, shown or project.up(code=None).output)
        else:
            shown = getattr(project, step)().output

    enabled = {str(made.rootfi_id) for made in emulator.integrations(api_key) if not made.is_disabled}
    tracked = [resource["id"] for resource in project.all_integrations()]
    assert sorted(tracked) == sorted(enabled)
    assert len(tracked) == (drill.operation != "delete")
    if drill.operation != "delete":
        project.preview("--refresh", "--expect-no-changes")


def crash(drill: Drill, project: Project, emulator: Emulator) -> None:
    operation = "create" if drill.operation in ("create", "replace") else "update"
    lost = {"hang_up": "before"} if drill.moment == "before" else {}
    emulator.inject(Fault(operation=operation, hold=True, processed=drill.moment == "answered", **lost))
    emulator.forget_requests()
    running = Running.start(project, "destroy" if drill.operation == "delete" else "up")
    emulator.wait_until_held()
    family = running.family()
    victims = {"cli": [running.cli.pid], "plugin": [running.plugin()]}
    if drill.moment == "answered":
        # A stopped engine can't write the state, however fast the answer is.
        os.kill(running.cli.pid, signal.SIGSTOP)
        emulator.release()
        wait_until_answered(emulator)
    running.kill(*victims.get(drill.victim, [*victims["cli"], *victims["plugin"]]))
    emulator.release()
    if drill.victim == "plugin":
        os.kill(running.cli.pid, signal.SIGCONT)
    running.end(family)


def wait_until_answered(emulator: Emulator) -> None:
    answered = threading.Event()
    for _ in range(3000):
        if emulator.requests[-1].status is not None:
            return
        answered.wait(0.01)
    raise TimeoutError


def newest(emulator: Emulator, api_key: str) -> int:
    """What somebody finds who looks in RootFi."""
    return emulator.integrations(api_key)[-1].rootfi_id


def forget(project: Project, shown: str) -> None:
    """Run what the refusal names for the case that RootFi has nothing."""
    command = shown.partition("If it has not, run `pulumi ")[2].partition("`")[0].replace("'", "")
    if command:
        project.pulumi(*command.split(), "--yes")
    else:
        project.refresh("--clear-pending-creates")
