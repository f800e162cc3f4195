"""What the formats for people say in the same words."""

from rootfi_pulumi.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.report.states import State

TITLE = "RootFi environments"
ABSENT = "—"
"""Stands where a stack neither declares nor holds an integration."""
UNKNOWN = "not read"
"""Stands where the stack's state could not be read."""


def credential(cell: Cell) -> str:
    """What identifies a cell's integration and credential, as far as it is known: `…-app · 1234 · 98 d`."""
    parts = (
        f"…{cell.client_id}" if cell.client_id else "",
        str(cell.rootfi_id) if cell.rootfi_id is not None else "",
        str(cell.age) if cell.age else "",
    )
    return " · ".join(filter(None, parts))


def also(cell: Cell) -> str:
    """What holds of a cell beside the state that is shown, and what drifted; or nothing."""
    return ", ".join([*cell.drifted, *(str(state) for state in cell.states[1:])])


def empty(column: Column) -> str:
    """What stands for an integration of which a column has no cell."""
    return ABSENT if column.is_known else UNKNOWN


def counted(matrix: Matrix | Column) -> str:
    """Tell how many cells are in each state, the most urgent first: `1 missing, 3 enabled`."""
    counts = matrix.counts()
    return ", ".join(f"{counts[state]} {state}" for state in State if counts[state])


def looked_at(matrix: Matrix) -> str:
    """Tell when the report was made, and whether RootFi itself was asked."""
    when = matrix.generated.strftime("%Y-%m-%d %H:%M UTC")
    how = "compared with RootFi" if matrix.is_refreshed else "from the state alone; --refresh finds drift"
    return f"{when}, {how}"
