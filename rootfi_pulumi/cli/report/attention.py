"""Finds what needs attention: integrations that a command should change, and stacks that were not read."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from rootfi_pulumi.cli.report.drift import GONE, IS_DISABLED
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.order import stage_of
from rootfi_pulumi.cli.report.reading import DECLARATION
from rootfi_pulumi.cli.report.states import State

NEEDS_ATTENTION = (State.UNFINISHED, State.DRIFTED, State.MISSING, State.UNDECLARED)
"""The states that need attention, most urgent first."""
NOT_READ = "not read"
"""A stack whose state could not be read."""
NOT_COMPARED = "not compared"
"""A stack that could not be compared with RootFi."""
FILE_REFUSED = "file refused"
"""A stack whose file has a mistake, so that its declaration is unknown."""

_DOCTOR = "rootfi-pulumi doctor"
_COMMANDS = {
    NOT_READ: _DOCTOR,
    NOT_COMPARED: _DOCTOR,
    FILE_REFUSED: _DOCTOR,
    State.UNFINISHED: _DOCTOR,
    State.DRIFTED: "pulumi up --refresh",
    State.MISSING: "pulumi up",
    State.UNDECLARED: "pulumi up",
}


@dataclass(frozen=True)
class Attention:
    """The integrations of one stack that are in one state, and the command to run.

    `what` is the state, or what is wrong with the stack, which then has `reasons` instead of `names`.
    `effect` completes the command where its effect may surprise, such as "disables it"; otherwise it is
    empty.
    """

    what: str
    stack: str
    names: tuple[str, ...]
    command: str
    effect: str = ""
    reasons: tuple[str, ...] = ()


def find_attention(matrix: Matrix) -> list[Attention]:
    """Return what needs attention, by state, then stacks with problems; production comes first in each."""
    columns = sorted(matrix.columns, key=lambda column: -stage_of(column.stack))
    troubled = [each for column in columns for each in _troubles(column)]
    return [each for state in NEEDS_ATTENTION for column in columns for each in _in(column, state)] + troubled


def count_attention(matrix: Matrix) -> str:
    """Return the headline, such as `19 of 164 need attention, in 4 of 12 stacks, 1 stack not read`."""
    counts = matrix.counts()
    number, total = sum(counts[state] for state in NEEDS_ATTENTION), counts.total()
    troubles = [each.what for column in matrix.columns for each in _troubles(column)]
    need = f"{number or 'none'} of {total} {'needs' if number == 1 else 'need'} attention" if total else ""
    stacks = (_stacks(troubles.count(what), what) for what in (NOT_READ, NOT_COMPARED, FILE_REFUSED))
    return ", ".join(filter(None, (need, _where(matrix), *stacks))) or "no integrations"


def _where(matrix: Matrix) -> str:
    # So that a reader knows that the others are fine.
    number, total = count_stacks(matrix), len(matrix.columns)
    return f"in {number} of {total} stacks" if number and total > 1 else ""


def count_stacks(matrix: Matrix) -> int:
    """Return in how many stacks integrations need attention."""
    return sum(not each.counts().keys().isdisjoint(NEEDS_ATTENTION) for each in matrix.columns)


def _stacks(number: int, what: str) -> str:
    return f"{number} {'stack' if number == 1 else 'stacks'} {what}" if number else ""


def _troubles(column: Column) -> Iterator[Attention]:
    for what in sorted({name_trouble(column, problem) for problem in column.problems}):
        reasons = tuple(problem for problem in column.problems if name_trouble(column, problem) == what)
        yield Attention(what, column.stack, (), _command(what, column), reasons=reasons)


def name_trouble(column: Column, problem: str) -> str:
    """Return what a problem of a stack amounts to: NOT_READ, NOT_COMPARED or FILE_REFUSED."""
    if problem.startswith(DECLARATION):
        return FILE_REFUSED
    return NOT_COMPARED if column.is_known else NOT_READ


def _in(column: Column, state: State) -> Iterator[Attention]:
    cells = {name: cell for name, cell in sorted(column.cells.items()) if cell.state is state}
    if cells:
        effect = _effect(column, state, list(cells.values())) if column.exists else ""
        yield Attention(state, column.stack, tuple(cells), _command(state, column), effect)


def _command(what: str, column: Column) -> str:
    # A stack that this backend does not have may be in another one, which doctor finds out.
    command = _COMMANDS[what] if column.exists else _DOCTOR
    return f"{command} --stack {shlex.quote(column.stack)}"


def _effect(column: Column, state: State, cells: list[Cell]) -> str:
    if state is State.UNFINISHED:
        return ""
    parts = [
        *_of_drift(cells),
        f"disables {_them(len(cells), len(cells))}" if state is State.UNDECLARED else "",
        "nothing is deployed there yet" if len(cells) == len(column.cells) and state is State.MISSING else "",
        # The same command does what another line is about.
        _also(column, state, State.MISSING, "sets up"),
        _also(column, state, State.UNDECLARED, "disables"),
    ]
    return ", ".join(filter(None, parts))


def _of_drift(cells: list[Cell]) -> Iterator[str]:
    found = [each for cell in cells for each in cell.drifted]
    for verb, number in (
        ("creates", sum(each.member == GONE for each in found)),
        ("enables", sum((each.member, each.after) == (IS_DISABLED, True) for each in found)),
        ("disables", sum((each.member, each.after) == (IS_DISABLED, False) for each in found)),
    ):
        if number:
            yield f"{verb} {_them(number, len(cells))} again"


def _them(number: int, of: int) -> str:
    if number < of:
        return f"{number} of them"
    return "it" if number == 1 else "them"


def _also(column: Column, state: State, other: State, verb: str) -> str:
    names = sorted(name for name, cell in column.cells.items() if cell.state is other)
    if state is other or not names:
        return ""
    return f"also {verb} {names[0] if len(names) == 1 else f'{len(names)} others'}"
