"""kill -9 at every step; then the documented recovery, after which all is tracked exactly once."""

from collections.abc import Callable
from itertools import combinations, product

import pytest

from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.state import JOURNAL
from tests.support.prepared_projects import Step, deploy_xero
from tests.support.pulumi_project import QUICKBOOKS, REPOSITORY, XERO, Project
from tests.support.runs.automation import start_up
from tests.support.runs.crashes import crash, forget
from tests.support.runs.drills import (
    CHANGES,
    CREATE_VICTIMS,
    CREATES,
    JOURNALS,
    LOADS,
    MOMENTS,
    RUNNERS,
    TARGETS,
    Drill,
    rows,
)

REPLACED = {"xero": "WAVE", "quickbooks": "TALLY", "odoo": "BUSY"}
BYSTANDER = {"netsuite": XERO | {"integration_type": "NETSUITE"}}
MANY = {"xero": XERO, "quickbooks": QUICKBOOKS, "odoo": XERO | {"integration_type": "ODOO_ACCOUNTING"}}
REFUSED = "{}: not created: an earlier run was interrupted"


def test_recovery_document_has_the_same_table() -> None:
    document = (REPOSITORY / "docs" / "recovery.md").read_text()
    table = [line for line in document.partition("## Drills")[2].splitlines() if line.startswith("|")]
    assert table[2:] == rows()


def test_circumstances_cover_every_pair() -> None:
    dimensions = {
        "victim": CREATE_VICTIMS,
        "operation": ("create", "replace"),
        "moment": MOMENTS,
        "load": LOADS,
        "target": TARGETS,
        "journal": JOURNALS,
        "runner": RUNNERS,
    }
    for first, second in combinations(dimensions, 2):
        covered = {(getattr(cell, first), getattr(cell, second)) for cell in CREATES}
        # A stack whose integration is replaced was deployed before.
        missing = {*product(dimensions[first], dimensions[second])} - covered - {("replace", "first")}
        assert not missing, (first, second)


def test_circumstances_of_a_dead_plugin_cover_every_triple() -> None:
    covered = {(each.load, each.target, each.journal) for each in CREATES if each.victim == "plugin"}
    assert covered == {*product(LOADS, TARGETS, JOURNALS)}


@pytest.mark.drill
@pytest.mark.parametrize("drill", CHANGES, ids=str)
def test_cut_off_change_is_made_by_the_documented_recovery(
    drill: Drill, prepared: Callable[..., Project], emulator: Emulator, api_key: str
) -> None:
    project = prepared(deploy_xero)
    changed = {"update": {"client_id": "another"}, "retire": {"integration_type": "WAVE"}, "delete": {}}
    project.declare({"xero": XERO | changed[drill.operation]})
    crash(drill, project, emulator)
    assert_engine_ended(drill, project)
    for step in drill.recovery:
        project.pulumi("cancel", "--yes") if step == "cancel" else getattr(project, step)()
    if drill.operation == "delete":
        assert [made.is_disabled for made in emulator.integrations(api_key)] == [True]
        assert project.all_integrations() == []
    else:
        assert_tracked_once(project, emulator, api_key)


@pytest.mark.drill
@pytest.mark.parametrize("drill", CREATES, ids=lambda drill: drill.cell)
def test_cut_off_create_is_never_repeated_and_recovers(
    drill: Drill, prepared: Callable[..., Project], emulator: Emulator, api_key: str
) -> None:
    project = prepared(*before(drill))
    declare_what_creates(drill, project)
    crash(drill, project, emulator, *targets(drill, project))
    assert_engine_ended(drill, project)
    steps = [*drill.recovery]
    if drill.ends_engine:
        assert steps.pop(0) == "cancel"
        project.pulumi("cancel", "--yes")

    may_have_landed = posted(emulator)
    shown = plain_up(drill, project, emulator)
    assert not may_have_landed & posted(emulator), shown
    for name in under_way(project, may_have_landed):
        assert REFUSED.format(name) in shown

    for step in steps:
        if step == "adopt":
            adopt(project, emulator, api_key, may_have_landed)
        elif step == "forget":
            forget(project, shown)
        else:
            shown = plain_up(drill, project, emulator)
    assert_tracked_once(project, emulator, api_key)


def before(drill: Drill) -> list[Step]:
    """What was done to the stack before the run that crashes."""
    steps: list[Step] = []
    if drill.operation == "replace":
        steps = [deploy_many if drill.load == "busy" else deploy_xero]
    elif drill.journal != "first":
        steps = [deploy_bystander]
    return [*steps, remove_journal] if drill.journal == "removed" else steps


def deploy_many(project: Project, _: Emulator) -> None:
    project.declare(MANY)
    project.up()


def deploy_bystander(project: Project, _: Emulator) -> None:
    project.declare(BYSTANDER)
    project.up()


def remove_journal(project: Project, _: Emulator) -> None:
    [journal] = [each["urn"] for each in project.deployment()["resources"] if each["type"] == JOURNAL]
    project.pulumi("state", "delete", journal, "--yes")


def declare_what_creates(drill: Drill, project: Project) -> None:
    """Declare what is created, and what the drill does not touch or target."""
    declared = MANY if drill.load == "busy" else {"xero": XERO}
    if drill.operation == "replace":
        declared = {name: each | {"integration_type": REPLACED[name]} for name, each in declared.items()}
    elif drill.journal != "first":
        declared = BYSTANDER | declared
    project.declare(declared)


def targets(drill: Drill, project: Project) -> list[str]:
    if drill.target != "named":
        return []
    names = sorted(project.declared().keys() - BYSTANDER.keys())
    # A target that is new needs its parent.
    parent = ["rootfi:index:Environment::dev"] if drill.journal == "first" else []
    return [arg for name in [*names, *parent] for arg in ("--target", f"**{name}")]


def plain_up(drill: Drill, project: Project, emulator: Emulator) -> str:
    """Run what everybody runs, the way the drill does; return what it printed."""
    emulator.forget_requests()
    return start_up(project, drill.runner).wait()


def posted(emulator: Emulator) -> set[str | None]:
    """Return the types of which RootFi was asked to create one."""
    return {each.body_member("integration_type") for each in emulator.requests if each.method == "POST"}


def under_way(project: Project, types: set[str | None]) -> list[str]:
    """Return the names of the integrations declared with these types."""
    return [name for name, each in project.declared().items() if each["integration_type"] in types]


def adopt(project: Project, emulator: Emulator, api_key: str, types: set[str | None]) -> None:
    """Declare `adopt`, with the id that RootFi has, for each create that was cut off."""
    found = {made.integration_type: made.rootfi_id for made in emulator.integrations(api_key)}
    declared = project.declared()
    for name in under_way(project, types):
        declared[name]["adopt"] = found[declared[name]["integration_type"]]
    project.declare(declared)


def assert_engine_ended(drill: Drill, project: Project) -> None:
    """Assert that the engine is dead if the drill says so: its lock is left."""
    locks = (project.folder.parent / "state" / ".pulumi" / "locks").rglob("*.json")
    assert any(locks) == drill.ends_engine


def assert_tracked_once(project: Project, emulator: Emulator, api_key: str) -> None:
    enabled = [made for made in emulator.integrations(api_key) if not made.is_disabled]
    types = [made.integration_type for made in enabled]
    assert sorted(types) == sorted(each["integration_type"] for each in project.declared().values())
    tracked = [resource["id"] for resource in project.all_integrations()]
    assert sorted(tracked) == sorted(str(made.rootfi_id) for made in enabled)
    project.preview("--refresh", "--expect-no-changes")
