"""Prints the report as a table: a row for each integration, and as many stacks side by side as fit."""

from collections.abc import Sequence

from rich.box import ROUNDED
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import SYMBOL, State
from rootfi_pulumi.cli.report.wording import (
    ADVICE,
    TITLE,
    count_states,
    describe_credential,
    describe_empty,
    describe_more,
    describe_overlaps,
    describe_reading,
)

_WIDEST = 100_000
_STYLES = {
    State.ENABLED: "green",
    State.DISABLED: "dim",
    State.MISSING: "yellow",
    State.UNDECLARED: "magenta",
    State.UNFINISHED: "bold red",
    State.DRIFTED: "bold red",
}


def print_table(console: Console, matrix: Matrix) -> None:
    """Print the report, with frames and colours on a terminal, and as plain lines of any length to a pipe."""
    framed = console.is_terminal and not console.no_color
    if not console.is_terminal:
        console.width = _WIDEST
    _say(console, f"{TITLE}: {count_states(matrix) or 'no integrations'}", "bold" if framed else "")
    columns = matrix.columns if matrix.integrations else ()
    while columns:
        number = _fitting(console, matrix, columns, framed=framed)
        console.print(_drawn(matrix, columns[:number], framed=framed))
        columns = columns[number:]
    for column in matrix.columns:
        if column.remark:
            _say(console, f"{column.stack}: {column.remark}", "red" if framed and column.problems else "")
    for overlap, _ in describe_overlaps(matrix.shared):
        _say(console, f"{overlap}; `{ADVICE}` says what to do", "red" if framed else "")
    _say(console, describe_reading(matrix), "dim" if framed else "")


def _fitting(console: Console, matrix: Matrix, columns: Sequence[Column], *, framed: bool) -> int:
    unbounded = console.options.update_width(_WIDEST)
    for number in range(len(columns), 1, -1):
        drawn = _drawn(matrix, columns[:number], framed=framed)
        if console.measure(drawn, options=unbounded).maximum <= console.width:
            return number
    return 1


def _drawn(matrix: Matrix, columns: Sequence[Column], *, framed: bool) -> Table:
    drawn = Table(box=ROUNDED if framed else None, pad_edge=framed, show_lines=framed)
    drawn.header_style = bold = "bold" if framed else ""
    drawn.add_column("integration", style=bold, overflow="fold")
    for column in columns:
        drawn.add_column(Text(column.stack), overflow="fold")
    for name in matrix.integrations:
        cells = ((column, column.cells.get(name)) for column in columns)
        row = (
            _shown(cell, framed=framed) if cell else Text(describe_empty(column)) for column, cell in cells
        )
        drawn.add_row(Text(name), *row)
    return drawn


def _shown(cell: Cell, *, framed: bool) -> Text:
    text = Text(f"{SYMBOL[cell.state]} {cell.state}", style=_STYLES[cell.state] if framed else "")
    if more := describe_more(cell):
        text.append(f" ({more})")
    if details := " · ".join(filter(None, (cell.integration_type, describe_credential(cell)))):
        text.append(f"{chr(10) if framed else ', '}{details}", style="not bold default dim" if framed else "")
    return text


def _say(console: Console, line: str, style: str) -> None:
    console.print(Text(line, style=style), soft_wrap=True)
