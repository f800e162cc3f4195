"""Says what a command for one state of a stack does to its integrations, where that is not evident."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from rootfi_pulumi.cli.report.drift import GONE, IS_DISABLED
from rootfi_pulumi.cli.report.matrix import Cell, Column
from rootfi_pulumi.cli.report.states import State

_DISABLES, _FORGETS, _SETS_UP, _REPLACES = "disables {}", "forgets {}", "sets up {}", "replaces {}"
_CREATES_AGAIN, _ENABLES_AGAIN, _DISABLES_AGAIN = "creates {} again", "enables {} again", "disables {} again"
_PROTECTED = "fails while protect is set on {}"
_ADOPTED = "fails until adopt is removed from {}"


class _Find(Protocol):
    def __call__(self, cell: Cell, *, is_refreshed: bool) -> str: ...


def describe_effect(column: Column, state: State) -> str:
    """Return what `pulumi up`, with a refresh if they drifted, does to a stack's integrations in this state.

    It names what happens to others, too, because one command applies everything. The result is empty if there
    is nothing to add, otherwise like `disables it, also sets up wave`, or alone what makes the command fail.
    """
    is_refreshed = state is State.DRIFTED
    if failing := next(_by_effect(column.cells, _failure, is_refreshed=is_refreshed), None):
        failure, names = failing
        return failure.format(_named(names, "integrations"))
    own = {name: cell for name, cell in column.cells.items() if cell.state is state}
    parts = []
    if state is State.MISSING and len(own) == len(column.cells):
        parts.append("nothing is deployed there yet")
    elif state is not State.MISSING:
        effects = _by_effect(own, _effect, is_refreshed=is_refreshed)
        parts += [effect.format(pronoun(len(names), len(own))) for effect, names in effects]
    others = {name: cell for name, cell in column.cells.items() if name not in own}
    for effect, names in _by_effect(others, _effect, is_refreshed=is_refreshed):
        parts.append(f"also {effect.format(_named(names, 'others'))}")
    return ", ".join(parts)


def pronoun(number: int, of: int) -> str:
    """Return the word for this number of the integrations of a line: `it`, `them` or `2 of them`."""
    if number < of:
        return f"{number} of them"
    return "it" if number == 1 else "them"


def _named(names: Sequence[str], noun: str) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} {noun}"


def _by_effect(
    cells: Mapping[str, Cell], find: _Find, *, is_refreshed: bool
) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, cell in sorted(cells.items()):
        found[find(cell, is_refreshed=is_refreshed)].append(name)
    return ((effect, names) for effect, names in found.items() if effect)


def _failure(cell: Cell, *, is_refreshed: bool) -> str:
    """Return why the whole command fails before it changes anything, or empty."""
    is_forgotten = is_refreshed and _is_gone(cell)
    if State.UNDECLARED in cell.states:
        return _PROTECTED if cell.protect and not is_forgotten else ""
    if cell.declared and is_forgotten:
        return _ADOPTED if cell.declared.adopt else ""
    keeps_protection = cell.protect and cell.declared is not None and cell.declared.protect
    return _PROTECTED if _is_replaced(cell) and keeps_protection else ""


def _effect(cell: Cell, *, is_refreshed: bool) -> str:
    if State.UNDECLARED in cell.states:
        return _FORGETS if _is_gone(cell) or cell.retain_on_delete else _DISABLES
    if State.MISSING in cell.states:
        return _SETS_UP
    if is_refreshed and _is_gone(cell):
        return _CREATES_AGAIN
    if _is_replaced(cell):
        return _REPLACES
    return _switch(cell) if is_refreshed else ""


def _switch(cell: Cell) -> str:
    switched = next((each.after for each in cell.drifted if each.member == IS_DISABLED), None)
    # A program may declare it, which then had the state's value.
    declared = cell.declared.is_disabled if cell.declared else not switched
    if switched is None or switched == declared:
        return ""
    return _ENABLES_AGAIN if switched else _DISABLES_AGAIN


def _is_gone(cell: Cell) -> bool:
    return any(each.member == GONE for each in cell.drifted)


def _is_replaced(cell: Cell) -> bool:
    # A type that is encrypted in the state is empty.
    held = cell.integration_type
    return cell.declared is not None and held not in ("", cell.declared.integration_type)
