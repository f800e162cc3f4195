"""Says what a command for one state of a stack does to its integrations, where that is not evident."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from rootfi_pulumi.cli.report.drift import GONE, IS_DISABLED
from rootfi_pulumi.cli.report.matrix import Cell, Column
from rootfi_pulumi.cli.report.states import State

_DISABLES, _FORGETS, _SETS_UP = "disables {}", "forgets {}", "sets up {}"
_CREATES_AGAIN, _ENABLES_AGAIN, _DISABLES_AGAIN = "creates {} again", "enables {} again", "disables {} again"
_FAILS = "fails: protect is set on {}"


def describe_effect(column: Column, state: State) -> str:
    """Return what `pulumi up`, with a refresh if they drifted, does to a stack's integrations in this state.

    It names what happens to others, too, because one command applies everything. The result is empty if there
    is nothing to add, and otherwise like `disables it, also sets up wave`.
    """
    own = {name: cell for name, cell in column.cells.items() if cell.state is state}
    parts = []
    if state is State.MISSING and len(own) == len(column.cells):
        parts.append("nothing is deployed there yet")
    elif state is not State.MISSING:
        parts += [effect.format(_them(len(names), len(own))) for effect, names in _by_effect(own)]
    applied = (State.MISSING, State.UNDECLARED)
    others = {
        name: cell for name, cell in column.cells.items() if cell.state is not state and cell.state in applied
    }
    for effect, names in _by_effect(others):
        also = "" if effect is _FAILS else "also "
        parts.append(also + effect.format(names[0] if len(names) == 1 else f"{len(names)} others"))
    return ", ".join(parts)


def _by_effect(cells: Mapping[str, Cell]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, cell in sorted(cells.items()):
        found[_effect(cell)].append(name)
    return ((effect, names) for effect, names in found.items() if effect)


def _effect(cell: Cell) -> str:
    drifted = {each.member: each.after for each in cell.drifted}
    if State.UNDECLARED in cell.states:
        if GONE in drifted or cell.retain_on_delete:
            return _FORGETS
        return _FAILS if cell.protect else _DISABLES
    if State.MISSING in cell.states:
        return _SETS_UP
    if GONE in drifted:
        return _CREATES_AGAIN
    switched = drifted.get(IS_DISABLED)
    return "" if switched is None else _ENABLES_AGAIN if switched else _DISABLES_AGAIN


def _them(number: int, of: int) -> str:
    if number < of:
        return f"{number} of them"
    return "it" if number == 1 else "them"
