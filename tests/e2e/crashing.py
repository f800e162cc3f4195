"""Kills a run at a drill's moment, and does what the next run's refusal names."""

import os
import signal
import time

from crash_drills import Drill
from patience import PATIENCE
from pulumi_project import Project
from running import Running

from rootfi_pulumi.emulator import Emulator, Fault


def crash(drill: Drill, project: Project, emulator: Emulator, *args: str) -> str:
    """Return what the run printed; it and everything below it has ended."""
    operation = "create" if drill.operation in ("create", "replace") else "update"
    lost = {"hang_up": "before"} if drill.moment == "before" else {}
    emulator.inject(Fault(operation=operation, hold=True, processed=drill.moment == "answered", **lost))
    emulator.forget_requests()
    running = Running.start(project, "destroy" if drill.operation == "delete" else "up", *args)
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
    return running.end(family)


def wait_until_answered(emulator: Emulator) -> None:
    deadline = time.monotonic() + PATIENCE
    while emulator.requests[-1].status is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def forget(project: Project, shown: str) -> None:
    """Run what the refusal names for the case that RootFi has nothing."""
    command = shown.partition("If it has not, run `pulumi ")[2].partition("`")[0].replace("'", "")
    if command:
        project.pulumi(*command.split(), "--yes")
    else:
        project.refresh("--clear-pending-creates")
