"""What a plugin had to create when it died is noted, and not repeated blindly by the next run."""

import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.program.steps import OTHERWISE
from rootfi_pulumi.provider.phrases import ENDS_AT_ONCE, PROVIDER_FAILED
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project
from tests.support.runs.background import Running
from tests.support.runs.kills import journal, kill_plugin

ONE_AFTER_THE_OTHER = """
import pulumi
from rootfi_pulumi import FromEnv, RootFiIntegration

after = []
for kind in ("XERO", "QUICKBOOKS"):
    secret, opts = FromEnv(f"{kind}_CLIENT_SECRET"), pulumi.ResourceOptions(depends_on=after)
    own = {"integration_type": kind, "adopt": None} | ({} if after else %s)
    after = [RootFiIntegration(kind, client_id=kind, client_secret=secret, opts=opts, **own)]
"""

AT_ONCE = """
from rootfi_pulumi import FromEnv, RootFiIntegration

for kind in ("XERO", "QUICKBOOKS"):
    RootFiIntegration(kind, integration_type=kind, client_id=kind, client_secret=FromEnv(f"{kind}_CLIENT_SECRET"))
"""


def declare_xero_and_kill_plugin(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    assert f"xero: {PROVIDER_FAILED}" in kill_plugin(project, emulator)


@pytest.fixture
def killed(prepared: Callable[..., Project]) -> Project:
    """The project after an `up` whose plugin was killed while RootFi created 1234."""
    return prepared(declare_xero_and_kill_plugin)


@pytest.mark.measured
def test_a_killed_plugin_leaves_a_mark_that_the_next_up_refuses(killed: Project, emulator: Emulator) -> None:
    for args in ([], ["--continue-on-error"], []):
        assert "xero: not created: an earlier run was interrupted" in killed.up(*args, code=None).output
    assert emulator.calls == []


@pytest.mark.parametrize(
    ("args", "why"),
    [
        pytest.param(["--parallel", "1"], "the engine took no note of it for 10 s", id="busy"),
        pytest.param(["--target", "**XERO"], "the engine put no note of it into the state", id="target"),
    ],
)
def test_where_no_note_can_be_made_the_create_stays_pending(
    args: list[str], why: str, project: Project, emulator: Emulator, api_key: str
) -> None:
    project.write(AT_ONCE)
    output = kill_plugin(project, emulator, *args)
    assert f"{why}, so {ENDS_AT_ONCE}" in output
    [landed] = emulator.integrations(api_key)
    kind = landed.integration_type
    project.pulumi("cancel", "--yes")
    assert f"{kind}: not created: an earlier run was interrupted" in project.up(code=None).output
    assert [each.integration_type for each in emulator.integrations(api_key)].count(kind) == 1


def interrupt(running: Running) -> None:
    running.kill(running.plugin())
    running.cli.send_signal(signal.SIGINT)


def interrupt_twice(running: Running) -> None:
    interrupt(running)
    # The engine takes two at once for one.
    time.sleep(0.5)
    running.cli.send_signal(signal.SIGINT)


def kill_program(running: Running) -> None:
    running.kill(running.program())


def kill_program_and_plugin(running: Running) -> None:
    running.kill(running.program(), running.plugin())


@pytest.mark.parametrize(
    "end",
    [
        kill_program_and_plugin,
        *(pytest.param(each, marks=pytest.mark.case) for each in (interrupt, interrupt_twice, kill_program)),
    ],
)
@pytest.mark.parametrize(
    "args", [[], pytest.param(["--parallel", "1"], marks=pytest.mark.case)], ids=["idle", "busy"]
)
def test_whatever_dies_the_next_up_creates_nothing_twice(
    end: Callable[[Running], None], args: list[str], project: Project, emulator: Emulator, api_key: str
) -> None:
    project.write(AT_ONCE)
    emulator.inject(Fault(operation="create", hold=True, times=None))
    running = Running.start(project, "up", *args)
    emulator.wait_for_requests(1 if args else 2)
    family = running.family()
    end(running)
    emulator.clear_faults()
    emulator.release()
    running.end(family)
    project.pulumi("cancel", "--yes")
    Running.start(project, "up").wait()
    made = [each.integration_type for each in emulator.integrations(api_key)]
    assert made
    assert len(made) == len(set(made))


@pytest.mark.measured
def test_every_create_that_a_killed_plugin_had_is_noted(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    kill_plugin(project, emulator, requests=2)
    assert sorted(urn.rpartition("::")[2] for urn in journal(project)) == ["quickbooks", "xero"]


@pytest.mark.case
def test_a_create_that_landed_before_the_plugin_died_is_not_noted(
    project: Project, emulator: Emulator
) -> None:
    project.write(ONE_AFTER_THE_OTHER % {})
    kill_plugin(project, emulator, requests=2, held="QUICKBOOKS")
    assert [urn.rpartition("::")[2] for urn in journal(project)] == ["QUICKBOOKS"]


def test_state_delete_forgets_the_mark_so_that_up_creates(killed: Project, emulator: Emulator) -> None:
    output = killed.up(code=None).output
    command = output.partition(f"{OTHERWISE}pulumi ")[2].partition(" &&")[0]
    killed.pulumi(*command.replace("'", "").split(), "--yes")
    killed.up()
    assert emulator.calls == ["POST /integrations"]


@pytest.mark.case
def test_adopt_resolves_a_mark_and_leaves_none(killed: Project, emulator: Emulator) -> None:
    killed.declare({"xero": XERO | {"adopt": 1234}})
    killed.up()
    assert emulator.calls == ["GET /integrations/1234"]
    assert journal(killed) == []


@pytest.mark.case
def test_adopt_resolves_several_marks_in_one_up(project: Project, emulator: Emulator, api_key: str) -> None:
    both: dict[str, dict[str, Any]] = {"xero": XERO, "quickbooks": QUICKBOOKS}
    project.declare(both)
    kill_plugin(project, emulator, requests=2)
    ids = {each.integration_type: each.rootfi_id for each in emulator.integrations(api_key)}
    project.declare({name: each | {"adopt": ids[each["integration_type"]]} for name, each in both.items()})
    project.up()
    assert journal(project) == []


def test_a_create_that_rootfi_turned_away_leaves_no_mark(project: Project, emulator: Emulator) -> None:
    emulator.inject(Fault(operation="create", status=400))
    project.declare({"xero": XERO})
    project.up(code=None)
    assert journal(project) == []


@pytest.mark.case
def test_mark_of_an_adopted_create_refuses_no_replacement(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    project.write(ONE_AFTER_THE_OTHER % {})
    kill_plugin(project, emulator)
    # The second death keeps the run that adopts XERO from taking its mark out.
    project.write(ONE_AFTER_THE_OTHER % {"adopt": 1234})
    kill_plugin(project, emulator, requests=2, held="QUICKBOOKS")
    assert [urn.rpartition("::")[2] for urn in journal(project)] == ["QUICKBOOKS", "XERO"]
    project.write(ONE_AFTER_THE_OTHER % {"integration_type": "WAVE"})
    assert "XERO: not created" not in project.up(code=None).output
    made = [each.integration_type for each in emulator.integrations(api_key)]
    assert sorted(made) == ["QUICKBOOKS", "WAVE", "XERO"]


@pytest.mark.case
def test_renamed_stack_keeps_the_mark(killed: Project, emulator: Emulator) -> None:
    killed.pulumi("stack", "rename", "renamed")
    assert "xero: not created: an earlier run was interrupted" in killed.up(code=None).output
    assert emulator.calls == []
