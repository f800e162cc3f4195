"""A system that lacks what a protection rests on: it is off and said once, and all else works."""

import pytest

from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.program.protections import HOOKS, LACKS, NOT_NOTED, TOGETHER
from rootfi_pulumi.provider.phrases import ENGINE_NOT_FOUND
from tests.support.other_system import ANOTHER, NO_LSOF, NO_POLL, NO_PRIORITY, NO_PROC, take_away
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project
from tests.support.runs.kills import interrupt, kill_plugin

LACKING = {
    "everything": (ANOTHER, {HOOKS, TOGETHER, NOT_NOTED}),
    "proc": (NO_PROC + NO_LSOF, {TOGETHER, NOT_NOTED}),
    "poll": (NO_POLL, set()),
    "priority": (NO_PRIORITY, set()),
}
SYSTEMS = [
    pytest.param(*lacking, id=name, marks=[] if name == "everything" else pytest.mark.case)
    for name, lacking in LACKING.items()
]
AFTERWARDS = "xero: not created: an earlier run was interrupted"


@pytest.mark.parametrize(("code", "cases"), SYSTEMS)
def test_other_system_deploys_and_warns_once(
    code: str, cases: set[str], project: Project, emulator: Emulator
) -> None:
    take_away(project, code)
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    assert LACKS not in project.preview().output
    # Pulumi shows a warning when it comes, and all of them at the end.
    created = project.up().output.partition("Diagnostics:")[2]
    assert created.count(LACKS) == bool(cases)
    assert {case for case in (HOOKS, TOGETHER, NOT_NOTED) if case in created} == cases
    assert LACKS not in project.up("--expect-no-changes").output
    project.preview("--refresh", "--expect-no-changes")
    assert sorted(emulator.calls) == [
        "GET /integrations/1234",
        "GET /integrations/1235",
        "POST /integrations",
        "POST /integrations",
    ]


@pytest.mark.case
def test_other_system_repeats_no_create_of_a_killed_run(project: Project, emulator: Emulator) -> None:
    take_away(project)
    project.declare({"xero": XERO})
    # It returns only when the plugin has ended, too.
    interrupt(project, emulator)
    project.pulumi("cancel", "--yes")
    assert AFTERWARDS in project.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_other_system_repeats_no_create_of_a_killed_plugin(project: Project, emulator: Emulator) -> None:
    take_away(project)
    project.declare({"xero": XERO})
    kill_plugin(project, emulator)
    assert AFTERWARDS in project.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_other_system_says_that_a_create_is_not_noted(project: Project, emulator: Emulator) -> None:
    take_away(project)
    project.declare({"xero": XERO})
    # Outside `--target` the engine puts no note into the state.
    targets = ("--target", "**xero", "--target", "**dev")
    shown = " ".join(kill_plugin(project, emulator, *targets).split())
    assert ENGINE_NOT_FOUND in shown
    assert "Before the next `pulumi up`, look for it in RootFi." in shown
