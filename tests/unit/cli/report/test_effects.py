"""What the report says about the effect of a command; `pulumi preview` shows the same."""

import pytest

from rootfi_pulumi.cli.report.drift import GONE, Drift
from rootfi_pulumi.cli.report.effects import describe_effect
from rootfi_pulumi.cli.report.matrix import Cell, Column, Declared
from rootfi_pulumi.cli.report.states import State

DRIFTED = (State.DRIFTED,)
BOTH = (State.DRIFTED, State.UNDECLARED)
LOST = (Drift(GONE),)
SWITCHED_OFF = Cell(DRIFTED, drifted=(Drift("is_disabled", before=False, after=True),))
SWITCHED_ON = Cell(DRIFTED, drifted=(Drift("is_disabled", before=True, after=False),))
RENAMED = Cell(DRIFTED, drifted=(Drift("client_id", "a", "b"),))
ENABLED = Cell((State.ENABLED,))
MISSING = Cell((State.MISSING,))
UNDECLARED = Cell((State.UNDECLARED,))
KEPT = Cell((State.UNDECLARED,), retain_on_delete=True)
PROTECTED = Cell((State.UNDECLARED,), protect=True)


def effect_of(state: State, *cells: Cell) -> str:
    return describe_effect(Column("dev", {chr(97 + place): cell for place, cell in enumerate(cells)}), state)


@pytest.mark.parametrize(
    ("cells", "effect"),
    [
        ([RENAMED], ""),
        ([SWITCHED_OFF], "enables it again"),
        ([SWITCHED_ON], "disables it again"),
        ([Cell(DRIFTED, drifted=LOST)], "creates it again"),
        ([Cell(DRIFTED, drifted=LOST)] * 2, "creates them again"),
        ([SWITCHED_OFF, RENAMED], "enables 1 of them again"),
        ([Cell(BOTH, drifted=SWITCHED_OFF.drifted)], "disables it"),
        ([Cell(BOTH, drifted=LOST)], "forgets it"),
        ([Cell(BOTH, drifted=LOST, protect=True)], "forgets it"),
        ([Cell(DRIFTED, drifted=SWITCHED_OFF.drifted, declared=Declared("", is_disabled=True))], ""),
        ([Cell(DRIFTED, drifted=SWITCHED_ON.drifted, declared=Declared("", is_disabled=False))], ""),
        ([Cell(DRIFTED, drifted=SWITCHED_OFF.drifted, declared=Declared(""))], "enables it again"),
    ],
)
def test_drift_is_restored_only_where_it_is_declared(cells: list[Cell], effect: str) -> None:
    assert effect_of(State.DRIFTED, *cells) == effect


@pytest.mark.parametrize(
    ("cells", "effect"),
    [
        ([UNDECLARED], "disables it"),
        ([UNDECLARED, UNDECLARED], "disables them"),
        ([KEPT], "forgets it"),
        ([PROTECTED], "fails while protect is set on a"),
        ([Cell((State.UNDECLARED,), protect=True, retain_on_delete=True)], "fails while protect is set on a"),
        ([UNDECLARED, KEPT], "disables 1 of them, forgets 1 of them"),
    ],
)
def test_undeclared_is_disabled_unless_an_option_says_otherwise(cells: list[Cell], effect: str) -> None:
    assert effect_of(State.UNDECLARED, *cells) == effect


def test_command_of_one_line_names_what_it_does_to_others() -> None:
    cells = (MISSING, UNDECLARED, UNDECLARED, SWITCHED_OFF, ENABLED)
    assert effect_of(State.DRIFTED, *cells) == "enables it again, also sets up a, also disables 2 others"
    assert effect_of(State.MISSING, *cells) == "also disables 2 others"
    assert effect_of(State.UNDECLARED, *cells) == "disables them, also sets up a"


@pytest.mark.parametrize("state", [State.MISSING, State.UNDECLARED, State.DRIFTED])
def test_command_that_fails_is_said_to_do_nothing_else(state: State) -> None:
    assert effect_of(state, MISSING, PROTECTED, UNDECLARED, RENAMED) == "fails while protect is set on b"


def test_adoption_of_what_is_gone_fails() -> None:
    adopted = Cell(DRIFTED, drifted=LOST, declared=Declared("XERO", adopt=1234))
    assert effect_of(State.DRIFTED, adopted, MISSING) == "fails until adopt is removed from a"
    assert effect_of(State.MISSING, adopted, MISSING) == ""


def test_command_without_refresh_restores_nothing() -> None:
    drifted = Cell(BOTH, drifted=RENAMED.drifted)
    assert effect_of(State.MISSING, MISSING, SWITCHED_OFF, drifted) == "also disables c"
    assert effect_of(State.MISSING, MISSING, Cell(BOTH, drifted=LOST, protect=True)).startswith("fails")


@pytest.mark.parametrize(
    ("held", "protect", "effect"),
    [
        ("WAFEQ", False, "also replaces b"),
        ("WAFEQ", True, "fails while protect is set on b"),
        ("WAVE", False, ""),
        ("", False, ""),
    ],
    ids=["another type", "protected", "same type", "type unknown"],
)
def test_change_of_type_is_a_replacement(held: str, protect: bool, effect: str) -> None:
    cell = Cell((State.ENABLED,), held, protect=protect, declared=Declared("WAVE", protect=protect))
    assert effect_of(State.MISSING, MISSING, cell) == effect


def test_first_deployment_is_said_to_be_one() -> None:
    assert effect_of(State.MISSING, MISSING, MISSING) == "nothing is deployed there yet"
