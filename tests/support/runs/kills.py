"""Runs that are killed while RootFi works on a create, and what they leave."""

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.state import JOURNAL
from tests.support.pulumi_project import Project
from tests.support.runs.background import Running


def interrupt(project: Project, emulator: Emulator) -> None:
    """Kill the CLI while RootFi works on the create, which then lands as 1234."""
    emulator.inject(Fault(operation="create", hold=True, integration_type="XERO"))
    running = Running.start(project, "up")
    emulator.wait_for_requests(1)
    family = running.family()
    running.kill(running.cli.pid)
    emulator.release()
    running.end(family)
    emulator.forget_requests()


def journal(project: Project) -> list[str]:
    """Return the URNs that the journal in the state notes."""
    resources = project.deployment()["resources"]
    [found] = [each for each in resources if each["type"] == JOURNAL]
    return list(found.get("outputs", {}).get("interrupted", []))


def kill_plugin(
    project: Project, emulator: Emulator, *args: str, requests: int = 1, held: str | None = None
) -> str:
    """Kill the plugin of an `up` once RootFi has this number of requests and answers none, or none of a type."""
    emulator.inject(Fault(operation="create", integration_type=held, hold=True, times=None))
    running = Running.start(project, "up", *args)
    emulator.wait_for_requests(requests)
    family = running.family()
    running.kill(running.plugin())
    emulator.clear_faults()
    emulator.release()
    output = running.end(family)
    emulator.forget_requests()
    return output
