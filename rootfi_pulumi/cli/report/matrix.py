"""Builds the matrix of integrations by stacks from what was read of each stack. Every text fits on a line."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.cli.report.age import Age, age_of
from rootfi_pulumi.cli.report.deployed import Deployed
from rootfi_pulumi.cli.report.drift import Drift, Live
from rootfi_pulumi.cli.report.reading import DECLARATION, Reading
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.declaration.one_organisation import Shared
from rootfi_pulumi.declaration.stack_mistakes import ENCRYPTED
from rootfi_pulumi.state import name_of

if TYPE_CHECKING:
    from rootfi_pulumi.declaration.model import IntegrationConfig

_LONGEST_NAME = 80
# Never cut, because commands contain it: at most organisation, project and stack with 100 characters each.
_LONGEST_STACK = 400
_LONGEST_LINE = 400


@dataclass(frozen=True)
class Declared:
    """What a stack's file declares of a deployed integration, as far as it decides what `pulumi up` does."""

    integration_type: str
    is_disabled: bool = False
    adopt: int | None = None
    protect: bool = False


@dataclass(frozen=True)
class Cell:
    """An integration in a stack.

    `states` is never empty, most urgent first. `client_id` is empty if it is encrypted.
    `secret_number` counts the integration's secrets, from 1. `protect` and `retain_on_delete` are Pulumi's
    options, as the state has them. `declared` is None unless it is deployed and in the stack's file.
    """

    states: tuple[State, ...]
    integration_type: str = ""
    client_id: str = ""
    rootfi_id: int | None = None
    age: Age | None = None
    secret_number: int | None = None
    drifted: tuple[Drift, ...] = ()
    protect: bool = False
    retain_on_delete: bool = False
    declared: Declared | None = None

    @property
    def state(self) -> State:
        """The most urgent state."""
        return self.states[0]


@dataclass(frozen=True)
class Column:
    """A stack, with a cell for each integration that it declares or has.

    `is_known` is False if the state could not be read, so that a missing cell means nothing; `declared` then
    has the names that its file declares. `is_compared` says whether RootFi was read, and so whether drift is
    known. `exists` is False if the backend has no such stack.
    """

    stack: str
    cells: Mapping[str, Cell]
    is_known: bool = True
    is_compared: bool = False
    exists: bool = True
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether a missing cell means that there is nothing: the state and the file could be read."""
        return self.is_known and not any(problem.startswith(DECLARATION) for problem in self.problems)

    @property
    def is_comparable(self) -> bool:
        """Whether it has, or may have, something that can be compared with RootFi."""
        return not self.is_known or any(cell.state is not State.MISSING for cell in self.cells.values())

    def counts(self) -> Counter[State]:
        """Count the cells by their most urgent state."""
        return Counter(cell.state for cell in self.cells.values())


@dataclass(frozen=True)
class Matrix:
    """The report. `is_refreshed` says whether a comparison with RootFi was asked for.

    `shared` lists what stacks share in one organisation.
    """

    generated: datetime
    is_refreshed: bool
    columns: tuple[Column, ...]
    shared: tuple[Shared, ...] = ()

    @property
    def integrations(self) -> list[str]:
        """The names of the rows, sorted."""
        found = {name for column in self.columns for name in (*column.cells, *column.declared)}
        return sorted(found, key=str.casefold)

    def counts(self) -> Counter[State]:
        """Count all cells by their most urgent state."""
        return sum((column.counts() for column in self.columns), Counter[State]())

    def in_states(self, states: Sequence[State]) -> Iterator[tuple[str, str, State]]:
        """Yield stack, integration and state for each cell that is in one of these states."""
        for column in self.columns:
            for name, cell in column.cells.items():
                yield from ((column.stack, name, state) for state in cell.states if state in states)


def build_matrix(
    readings: Sequence[Reading], now: datetime, *, is_refreshed: bool, shared: Sequence[Shared] = ()
) -> Matrix:
    """Return the matrix of the stacks, in their order."""
    columns = tuple(_column(reading, now) for reading in readings)
    return Matrix(now, is_refreshed, columns, tuple(map(_printable, shared)))


def _column(reading: Reading, now: datetime) -> Column:
    cells: dict[str, Cell] = {}
    missing = dict(reading.declared or {}) if reading.deployed is not None else {}
    for each in reading.deployed or ():
        name = name_of(each.urn)
        entry = missing.pop(name, None) if each.may_be_in_file else None
        is_declared = reading.declared is None or not each.may_be_in_file or entry is not None
        cell = _deployed_cell(each, reading.live.get(each.urn), now, is_declared=is_declared)
        cells[_unique(_line(name), cells)] = replace(cell, declared=_declared(entry) if entry else None)
    for name, entry in missing.items():
        client_id = "" if entry.client_id == ENCRYPTED else _line(entry.client_id)
        cell = Cell((State.MISSING,), _line(entry.integration_type), client_id)
        cells[_unique(_line(name), cells)] = cell
    return Column(
        excerpt(reading.stack, _LONGEST_STACK),
        cells,
        reading.deployed is not None,
        reading.is_compared,
        reading.exists,
        tuple(excerpt(note, _LONGEST_LINE) for note in reading.notes),
        tuple(excerpt(problem, _LONGEST_LINE) for problem in reading.problems),
        tuple(map(_line, reading.declared or ())) if reading.deployed is None else (),
    )


def _printable(found: Shared) -> Shared:
    holdings = (
        replace(each, stack=excerpt(each.stack, _LONGEST_STACK), name=_line(each.name))
        for each in found.holdings
    )
    return Shared(_line(found.what) if isinstance(found.what, str) else found.what, tuple(holdings))


def _declared(entry: "IntegrationConfig") -> Declared:
    return Declared(_line(entry.integration_type), entry.is_disabled, entry.adopt, entry.protect)


def _deployed_cell(each: Deployed, live: Live | None, now: datetime, *, is_declared: bool) -> Cell:
    members = each.members
    # What an adoption left to the next `pulumi up` differs from the declaration, as drift does.
    drifted = live.drifted if live else ()
    left = set(each.differs_in).difference(drift.member for drift in drifted)
    drifted += tuple(Drift(_line(member)) for member in each.differs_in if member in left)
    states = {
        State.UNFINISHED: each.unfinished,
        State.DRIFTED: bool(drifted),
        State.UNDECLARED: not is_declared,
        State.DISABLED: members.get("is_disabled") is True,
    }
    rootfi_id, number = members.get("rootfi_id"), members.get("client_secret_version")
    return Cell(
        tuple(state for state in State if states.get(state)) or (State.ENABLED,),
        _line(members.get("integration_type")),
        _line(members.get("client_id")),
        int(rootfi_id) if isinstance(rootfi_id, int | float) else None,
        age_of(live.members if live else members, now),
        int(number) if isinstance(number, int | float) else None,
        drifted,
        each.protect,
        each.retain_on_delete,
    )


def _unique(name: str, taken: Mapping[str, Cell]) -> str:
    # Integrations of different components may have the same name.
    number = 1
    while (found := name if number == 1 else f"{name} ({number})") in taken:
        number += 1
    return found


def _line(text: Any) -> str:
    return excerpt(text, _LONGEST_NAME) if isinstance(text, str) else ""
