"""Kills a run at a drill's moment, and does what the next run's refusal names."""

import os
import signal
import time
from typing import Literal

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.program.steps import OTHERWISE
from rootfi_pulumi.provider.phrases import INTERRUPTED_RUN
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import Project
from tests.support.runs.automation import start_up
from tests.support.runs.background import Running
from tests.support.runs.drills import Drill

WORKERS = 2
"""How many creates a busy engine has under way; more are queued."""


def crash(drill: Drill, project: Project, emulator: Emulator, *args: str) -> str:
    """Return what the run printed; it and everything below it has ended."""
    is_busy = drill.load == "busy"
    at_once = WORKERS if is_busy else 1
    _inject(drill, emulator)
    emulator.forget_requests()
    if drill.operation == "delete":
        running = Running.start(project, "destroy", *args)
    else:
        running = start_up(project, drill.runner, *args, *(["--parallel", str(WORKERS)] if is_busy else []))
    emulator.wait_until_held(at_once)
    family = running.family()
    engine, plugin = running.engine(), running.plugin()
    victims = {"cli": [engine], "plugin": [plugin], "both": [engine, plugin]}.get(drill.victim)
    victims = victims or [running.program(), plugin]
    if drill.moment == "answered":
        # A stopped engine cannot write the state, and a stopped plugin that is to die cannot pass the answer on.
        for pid in [engine, *([plugin] if engine not in victims else [])]:
            os.kill(pid, signal.SIGSTOP)
        emulator.release()
        wait_until_answered(emulator, at_once)
    running.kill(*victims)
    if is_busy:
        emulator.clear_faults()
    emulator.release()
    if engine not in victims:
        os.kill(engine, signal.SIGCONT)
    return running.end(family)


def _inject(drill: Drill, emulator: Emulator) -> None:
    operation: Literal["create", "update"] = "create" if drill.creates else "update"
    hang_up: Literal["before"] | None = None if drill.lands else "before"
    times = None if drill.load == "busy" else 1
    processed = drill.moment == "answered"
    emulator.inject(Fault(operation=operation, hold=True, times=times, processed=processed, hang_up=hang_up))


def wait_until_answered(emulator: Emulator, last: int = 1) -> None:
    deadline = time.monotonic() + PATIENCE
    while any(request.status is None for request in emulator.requests[-last:]):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def forget(project: Project, shown: str) -> None:
    """Run what the refusal names for the case that RootFi has nothing."""
    command = (
        shown.partition(INTERRUPTED_RUN)[2]
        .partition(f"{OTHERWISE}pulumi ")[2]
        .partition(" &&")[0]
        .replace("'", "")
    )
    if command:
        project.pulumi(*command.split(), "--yes")
    else:
        project.refresh("--clear-pending-creates")
