"""Prints the report as text: what needs attention, then a line for each integration."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.box import ROUNDED
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rootfi_pulumi.cli.report.alerts import write_alerts
from rootfi_pulumi.cli.report.glyphs import (
    STYLES,
    TROUBLE_STYLE,
    UNREAD_GLYPH,
    find_spelling,
    pack,
)
from rootfi_pulumi.cli.report.grid import Form, draw_grid
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import SYMBOL, State
from rootfi_pulumi.cli.report.wording import (
    ABSENT_GLYPH,
    ADVICE,
    describe_credential,
    describe_empty,
    describe_headline,
    describe_more,
    describe_overlaps,
    describe_reading,
)

_WIDEST = 100_000
_DETAILS = "details: --wide"

_Spell = Callable[[str], str]


def print_table(console: Console, matrix: Matrix, *, is_wide: bool = False) -> None:
    """Print the report in colours that fit a terminal, or as plain lines of any length to a pipe.

    `is_wide` shows each integration's type, client id and age, in frames on a terminal.
    """
    if not console.is_terminal:
        console.width = _WIDEST
    spell = find_spelling(console)

    def say(text: str, style: str = "") -> None:
        _print(console, Text(spell(text), style).wrap(console, console.width))

    say(describe_headline(matrix), "bold")
    _print(console, write_alerts(console, matrix, spell))
    for overlap, _ in describe_overlaps(matrix.shared):
        say(f"{overlap}; `{ADVICE}` says what to do", TROUBLE_STYLE)
    if matrix.integrations:
        say("")
        (_print_wide if is_wide else _print_grid)(console, matrix, spell)
    for column in matrix.columns:
        if column.notes:
            say(f"{column.stack}: {'; '.join(column.notes)}")
    say(describe_reading(matrix), "dim")


def _print(console: Console, lines: Iterable[Text]) -> None:
    for line in lines:
        line.rstrip()
        console.print(line, soft_wrap=True)


def _print_grid(console: Console, matrix: Matrix, spell: _Spell) -> None:
    grid = draw_grid(matrix, console.width, spell)
    _print(console, grid.lines)
    _print(console, [Text(), *pack([*_legend(matrix, grid.form, spell)], console.width)])


def _legend(matrix: Matrix, form: Form, spell: _Spell) -> Iterator[Text]:
    counts = matrix.counts()
    for state in reversed(State):
        if counts[state]:
            yield Text.assemble((spell(SYMBOL[state]), STYLES[state]), f" {counts[state]} {state}")
    if any(len(column.cells) < len(matrix.integrations) for column in matrix.columns if column.is_certain):
        yield Text(spell(f"{ABSENT_GLYPH} absent"), "dim")
    if form is not Form.WORDS and not all(column.is_certain for column in matrix.columns):
        yield Text(spell(f"{UNREAD_GLYPH} not read"), TROUBLE_STYLE)
    yield Text(_DETAILS, "dim")


def _print_wide(console: Console, matrix: Matrix, spell: _Spell) -> None:
    framed = console.is_terminal and not console.no_color
    columns: Sequence[Column] = matrix.columns
    while columns:
        number = _fitting(console, matrix, columns, spell, framed=framed)
        _print_drawn(console, _drawn(matrix, columns[:number], spell, framed=framed), framed=framed)
        columns = columns[number:]


def _print_drawn(console: Console, drawn: Table, *, framed: bool) -> None:
    if framed:
        console.print(drawn)
        return
    # Without a frame the table has no styles, and each line would end with the column's spaces.
    lines = console.render_lines(drawn, pad=False)
    _print(console, (Text("".join(segment.text for segment in line)) for line in lines))


def _fitting(
    console: Console, matrix: Matrix, columns: Sequence[Column], spell: _Spell, *, framed: bool
) -> int:
    unbounded = console.options.update_width(_WIDEST)
    for number in range(len(columns), 1, -1):
        drawn = _drawn(matrix, columns[:number], spell, framed=framed)
        if console.measure(drawn, options=unbounded).maximum <= console.width:
            return number
    return 1


def _drawn(matrix: Matrix, columns: Sequence[Column], spell: _Spell, *, framed: bool) -> Table:
    drawn = Table(box=ROUNDED if framed else None, pad_edge=framed, show_lines=framed)
    drawn.header_style = bold = "bold" if framed else ""
    drawn.add_column("integration", style=bold, overflow="fold")
    for column in columns:
        drawn.add_column(Text(spell(column.stack)), overflow="fold")
    for name in matrix.integrations:
        cells = ((column, column.cells.get(name)) for column in columns)
        row = (
            _shown(cell, spell, framed=framed) if cell else Text(spell(describe_empty(column)))
            for column, cell in cells
        )
        drawn.add_row(Text(spell(name)), *row)
    return drawn


def _shown(cell: Cell, spell: _Spell, *, framed: bool) -> Text:
    text = Text(spell(f"{SYMBOL[cell.state]} {cell.state}"), style=STYLES[cell.state] if framed else "")
    if more := describe_more(cell):
        text.append(spell(f" ({more})"))
    if details := " · ".join(filter(None, (cell.integration_type, describe_credential(cell)))):
        separator = "\n" if framed else ", "
        text.append(spell(f"{separator}{details}"), style="not bold default dim" if framed else "")
    return text
