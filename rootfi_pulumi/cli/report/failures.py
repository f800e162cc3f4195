"""Lists what standard error says after a report, without repeating a table that is shown there too."""

import os
from collections import Counter
from collections.abc import Sequence
from typing import IO

from rootfi_pulumi.cli.report.matrix import Matrix
from rootfi_pulumi.cli.report.states import OCCURRENCE, State


def is_same_place(one: IO[str], other: IO[str]) -> bool:
    """Return whether two streams go to the same terminal, file or pipe."""
    try:
        first, second = os.fstat(one.fileno()), os.fstat(other.fileno())
    except (OSError, ValueError):
        return False
    if not first.st_ino:  # on Windows, that of every console and pipe
        return one.isatty() and other.isatty()
    return os.path.samestat(first, second)


def list_failures(matrix: Matrix, states: Sequence[State], *, is_shown: bool) -> list[str]:
    """Return a line for each problem, and for each integration in one of the states of `--fail-on`.

    If `is_shown`, a table at the same place names these already: only the cause of the exit code is left, and
    states that the table does not show since a more urgent one applies.
    """
    found = list(matrix.in_states(states))
    if not is_shown:
        problems = [f"{column.stack}: {problem}" for column in matrix.columns for problem in column.problems]
        return [*problems, *_occurrences(found)]
    counts = Counter(state for _, _, state in found)
    cause = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
    shown = {
        (column.stack, name, cell.state) for column in matrix.columns for name, cell in column.cells.items()
    }
    hidden = _occurrences([each for each in found if each not in shown])
    return [*hidden, f"exit code 1 because of --fail-on: {cause}"] if found else []


def has_failed(matrix: Matrix, states: Sequence[State]) -> bool:
    """Return whether there is a problem, or an integration in one of the states of `--fail-on`."""
    return any(column.problems for column in matrix.columns) or any(matrix.in_states(states))


def _occurrences(found: Sequence[tuple[str, str, State]]) -> list[str]:
    return [OCCURRENCE.format(name=name, state=state, where=where) for where, name, state in found]
