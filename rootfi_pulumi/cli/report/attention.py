"""Finds what needs attention: integrations that a command should change, and stacks that were not read."""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rootfi_pulumi.cli.report.effects import describe_effect, pronoun
from rootfi_pulumi.cli.report.matrix import Column, Matrix
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

_TROUBLES = {
    NOT_READ: "{stack}{s} not read",
    NOT_COMPARED: "{stack}{s} not compared",
    FILE_REFUSED: "{stack} file{s} refused",
}
_DOCTOR = "rootfi-pulumi doctor"
_COMMANDS = {
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
    return [
        each for state in NEEDS_ATTENTION for column in columns for each in _in(matrix, column, state)
    ] + troubled


def count_attention(matrix: Matrix) -> str:
    """Return the headline, such as `19 of 164 need attention, in 4 of 12 stacks, 1 stack not read`."""
    counts = matrix.counts()
    number, total = sum(counts[state] for state in NEEDS_ATTENTION), counts.total()
    need = f"{number or 'none'} of {total} {'needs' if number == 1 else 'need'} attention" if total else ""
    parts = (need, _where(matrix), *list_troubles(matrix, "stack"))
    return ", ".join(filter(None, parts)) or "no integrations"


def list_troubles(matrix: Matrix, noun: str) -> list[str]:
    """Return what is wrong with how many stacks, such as `1 stack not read`, with this noun for a stack."""
    found = Counter(each.what for column in matrix.columns for each in _troubles(column))
    return [
        f"{found[what]} {words.format(stack=noun, s='' if found[what] == 1 else 's')}"
        for what, words in _TROUBLES.items()
        if found[what]
    ]


def _where(matrix: Matrix) -> str:
    # So that a reader knows that the others are fine.
    number, total = count_stacks(matrix), len(matrix.columns)
    return f"in {number} of {total} stacks" if number and total > 1 else ""


def count_stacks(matrix: Matrix) -> int:
    """Return in how many stacks integrations need attention."""
    return sum(not each.counts().keys().isdisjoint(NEEDS_ATTENTION) for each in matrix.columns)


def _troubles(column: Column) -> Iterator[Attention]:
    for what in sorted({name_trouble(column, problem) for problem in column.problems}):
        reasons = tuple(problem for problem in column.problems if name_trouble(column, problem) == what)
        yield Attention(what, column.stack, (), _for(column, _DOCTOR), reasons=reasons)


def name_trouble(column: Column, problem: str) -> str:
    """Return what a problem of a stack amounts to: NOT_READ, NOT_COMPARED or FILE_REFUSED."""
    if problem.startswith(DECLARATION):
        return FILE_REFUSED
    return NOT_COMPARED if column.is_known else NOT_READ


def _in(matrix: Matrix, column: Column, state: State) -> Iterator[Attention]:
    names = tuple(name for name, cell in sorted(column.cells.items()) if cell.state is state)
    if not names:
        return
    if why := _why_doctor(matrix, column, state, names):
        yield Attention(state, column.stack, names, _for(column, _DOCTOR), why)
        return
    effect = describe_effect(column, state) if column.exists else ""
    yield Attention(state, column.stack, names, _for(column, _COMMANDS[state]), effect)


def _why_doctor(matrix: Matrix, column: Column, state: State, names: Sequence[str]) -> str:
    """Return why doctor comes first, because `pulumi up` would do harm or fail; or empty."""
    if state is State.UNFINISHED:
        return "lists the steps"
    unfinished = [name for name, cell in sorted(column.cells.items()) if cell.state is State.UNFINISHED]
    if unfinished:
        return f"resolve {unfinished[0] if len(unfinished) == 1 else 'what is unfinished'} first"
    second = _second(matrix, column.stack, names) if state is State.MISSING else 0
    return f"pulumi up would create {pronoun(second, len(names))} twice" if second else ""


def _second(matrix: Matrix, stack: str, names: Sequence[str]) -> int:
    """Return of how many of these a stack with the same API key has an integration of the same type."""
    types = [each for each in matrix.shared if isinstance(each.what, str) and each.same_key]
    found = {held.name for each in types for held in each.holdings if held.stack == stack}
    return len(found.intersection(names))


def _for(column: Column, command: str) -> str:
    # A stack that this backend does not have may be in another one, which doctor finds out.
    return f"{command if column.exists else _DOCTOR} --stack {shlex.quote(column.stack)}"
