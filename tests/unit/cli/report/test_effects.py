"""What the report says about the effect of a command; `pulumi preview` shows the same."""

import pytest

from rootfi_pulumi.cli.report.drift import GONE, Drift
from rootfi_pulumi.cli.report.effects import describe_effect
from rootfi_pulumi.cli.report.matrix import Cell, Column
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
        ([PROTECTED], "fails: protect is set on it"),
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
    assert effect_of(State.MISSING, MISSING, PROTECTED) == "fails: protect is set on b"


def test_first_deployment_is_said_to_be_one() -> None:
    assert effect_of(State.MISSING, MISSING, MISSING) == "nothing is deployed there yet"
