from datetime import UTC, datetime
from typing import Any

import pytest

from rootfi_pulumi.cli.report.age import Age
from rootfi_pulumi.cli.report.deployed import Deployed
from rootfi_pulumi.cli.report.drift import Drift, Live
from rootfi_pulumi.cli.report.matrix import Cell, Column, Declared, build_matrix
from rootfi_pulumi.cli.report.reading import Reading
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.declaration.model import IntegrationConfig
from rootfi_pulumi.declaration.one_organisation import Holding, Shared
from rootfi_pulumi.declaration.stack_mistakes import ENCRYPTED

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
URN = "urn:pulumi:dev::rootfi::pulumi-python:dynamic/rootfi:RootFiIntegration::"
XERO = IntegrationConfig.model_validate(
    {"integration_type": "XERO", "client_id": "xero-app", "client_secret": "of-the-file"}
)
HELD = {"integration_type": "XERO", "client_id": "xero-app", "is_disabled": False, "rootfi_id": 1234.0}


def column(**reading: Any) -> Column:
    [column] = build_matrix([Reading("dev", **reading)], NOW, is_refreshed=True).columns
    return column


def cell(members: dict[str, Any] | None = None, *, declared: bool = True, **known: Any) -> Cell:
    """Return the cell of a deployed integration `xero`."""
    urn = f"{URN}xero"
    held = Deployed(urn, HELD | (members or {}), known.get("unfinished", False))
    live = {urn: known["live"]} if "live" in known else {}
    return column(declared={"xero": XERO} if declared else {}, deployed=[held], live=live).cells["xero"]


def test_what_is_declared_and_deployed_is_enabled() -> None:
    assert cell() == Cell((State.ENABLED,), "XERO", "xero-app", 1234, declared=Declared("XERO"))


def test_what_is_declared_alone_is_missing() -> None:
    assert column(declared={"xero": XERO}, deployed=[]).cells == {
        "xero": Cell((State.MISSING,), "XERO", "xero-app")
    }


def test_what_is_deployed_alone_is_undeclared() -> None:
    assert cell(declared=False).states == (State.UNDECLARED,)


def test_what_the_program_declares_is_not_undeclared() -> None:
    held = Deployed(f"{URN}theirs", HELD, may_be_in_file=False)
    assert column(declared={"xero": XERO}, deployed=[held]).cells["theirs"].states == (State.ENABLED,)


def test_without_a_declaration_nothing_is_undeclared() -> None:
    found = column(declared=None, deployed=[Deployed(f"{URN}xero", HELD)])
    assert found.cells["xero"].states == (State.ENABLED,)


def test_without_a_state_nothing_is_missing() -> None:
    found = column(declared={"xero": XERO}, deployed=None)
    assert (found.cells, found.is_known) == ({}, False)


def test_the_most_urgent_of_several_states_is_shown_and_all_are_kept() -> None:
    found = cell(
        {"is_disabled": True}, declared=False, unfinished=True, live=Live((Drift("client_id"),), HELD)
    )
    assert found.state is State.UNFINISHED
    assert found.states == (State.UNFINISHED, State.DRIFTED, State.UNDECLARED, State.DISABLED)


def test_hidden_states_are_found_but_counted_by_the_shown_one() -> None:
    held = Deployed(f"{URN}xero", HELD | {"is_disabled": True})
    shown = build_matrix([Reading("dev", {}, [held])], NOW, is_refreshed=False)
    assert [*shown.in_states([State.DISABLED])] == [("dev", "xero", State.DISABLED)]
    assert shown.counts() == {State.UNDECLARED: 1}


def test_the_age_is_of_what_rootfi_has_now() -> None:
    old, new = "2026-11-15T12:00:00Z", "2026-11-20T12:00:00Z"
    state = {"rootfi_created_at": old, "rootfi_updated_at": old}
    live = Live((Drift("client_secret"),), HELD | {"rootfi_created_at": old, "rootfi_updated_at": new})
    assert (cell(state).age, cell(state, live=live).age) == (Age(10, 10), Age(5, 10))


@pytest.mark.parametrize(
    "encrypted", [{"4dabf18193072939515e22adb298388d": "1b47", "ciphertext": "v1:x"}, None]
)
def test_an_encrypted_member_is_not_known(encrypted: Any) -> None:
    members = dict.fromkeys(("integration_type", "client_id", "is_disabled", "rootfi_id"), encrypted)
    assert cell(members) == Cell((State.ENABLED,), declared=Declared("XERO"))


def test_an_encrypted_client_id_of_the_declaration_has_no_tail() -> None:
    declared = {"xero": XERO.model_copy(update={"client_id": ENCRYPTED})}
    assert column(declared=declared, deployed=[]).cells["xero"].client_id == ""


def test_same_names_in_several_components_have_a_cell_each() -> None:
    urns = [f"urn:pulumi:dev::rootfi::{each}$pulumi-python:x::xero" for each in ("a", "b", "c")]
    found = column(declared=None, deployed=[Deployed(urn, HELD) for urn in urns])
    assert [*found.cells] == ["xero", "xero (2)", "xero (3)"]


def test_what_others_wrote_is_short_and_on_one_line() -> None:
    hostile = "a\x1b[2J\u202e\n" + "x" * 1000
    found = column(
        declared={},
        deployed=[Deployed(URN + hostile, HELD | {"integration_type": hostile})],
        problems=(hostile,),
    )
    [[name, shown]] = found.cells.items()
    texts = [name, shown.integration_type, *found.problems]
    assert [each[:9] for each in texts] == ["a?[2J? xx"] * 3
    assert max(map(len, texts)) <= 401


def test_the_rows_are_the_integrations_of_all_stacks_in_order() -> None:
    readings = [Reading("dev", {"Zoho": XERO, "xero": XERO}, []), Reading("prod", {"busy": XERO}, [])]
    assert build_matrix(readings, NOW, is_refreshed=False).integrations == ["busy", "xero", "Zoho"]


def test_name_of_the_program_does_not_hide_that_of_the_file() -> None:
    of_program = Deployed(f"{URN}xero", HELD, may_be_in_file=False)
    cells = column(declared={"xero": XERO}, deployed=[of_program]).cells
    assert {name: cell.state for name, cell in cells.items()} == {
        "xero": State.ENABLED,
        "xero (2)": State.MISSING,
    }


def test_names_that_are_cut_to_the_same_text_have_a_cell_each() -> None:
    names = [f"{'n' * 80}-{end}" for end in "ab"]
    assert len(column(declared=dict.fromkeys(names, XERO), deployed=[]).cells) == 2


def test_adoption_that_differs_needs_attention() -> None:
    held = Deployed(f"{URN}xero", HELD, differs_in=("client_id",))
    adopted = column(declared={"xero": XERO}, deployed=[held]).cells["xero"]
    assert (adopted.states, adopted.drifted) == ((State.DRIFTED,), (Drift("client_id"),))


def test_member_that_also_drifted_is_named_once() -> None:
    held = Deployed(f"{URN}xero", HELD, differs_in=("client_id", "is_disabled"))
    drift = Drift("client_id", "xero-app", "other")
    shown = column(declared={"xero": XERO}, deployed=[held], live={held.urn: Live((drift,), HELD)})
    assert shown.cells["xero"].drifted == (drift, Drift("is_disabled"))


def test_what_only_an_unread_stack_declares_has_a_row() -> None:
    matrix = build_matrix([Reading("dev", declared={"xero": XERO}, deployed=None)], NOW, is_refreshed=False)
    assert (matrix.integrations, matrix.columns[0].cells) == (["xero"], {})


def test_what_is_shared_is_short_and_on_one_line() -> None:
    hostile = "a\n" + "x" * 200
    found = Shared(hostile, (Holding("dev\n", hostile),))
    [shown] = build_matrix([], NOW, is_refreshed=False, shared=[found]).shared
    texts = [str(shown.what), *shown.stacks, *shown.names]
    assert [("\n" in text, len(text) < 100) for text in texts] == [(False, True)] * 3


def test_long_names_of_stacks_are_whole() -> None:
    names = [f"prod-{'a' * 90}-{number}" for number in (1, 2)]
    shown = build_matrix([Reading(name, {}, []) for name in names], NOW, is_refreshed=False)
    assert [each.stack for each in shown.columns] == names


def test_options_of_pulumi_come_from_the_state() -> None:
    held = Deployed(f"{URN}xero", HELD, protect=True, retain_on_delete=True)
    found = column(declared={}, deployed=[held]).cells["xero"]
    assert (found.protect, found.retain_on_delete) == (True, True)


def test_refused_file_leaves_it_open_what_a_stack_lacks() -> None:
    refused = column(declared=None, deployed=[], problems=("declaration: stacks/x:1: no",))
    assert (column(declared={}, deployed=[]).is_certain, refused.is_certain) == (True, False)


@pytest.mark.parametrize(
    ("deployed", "is_comparable"), [([], False), ([Deployed(f"{URN}xero", HELD)], True), (None, True)]
)
def test_only_what_is_deployed_can_be_compared(deployed: Any, is_comparable: bool) -> None:
    assert column(declared={"new": XERO}, deployed=deployed).is_comparable is is_comparable
