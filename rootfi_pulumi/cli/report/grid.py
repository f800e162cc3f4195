"""Draws the matrix with a line for each integration, in the widest form that fits."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate

from rich.cells import cell_len
from rich.text import Text

from rootfi_pulumi.cli.report.glyphs import LEADER, STYLES, TROUBLE_STYLE, UNREAD_GLYPH, cut
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import SYMBOL, State
from rootfi_pulumi.cli.report.wording import ABSENT_GLYPH, UNKNOWN

_GAP = 2
_LABEL = "integration"
# A stack's name is not cut below this width.
_SHORTEST = 8
_BOLD, _DIM = "bold", "dim"


class Form(Enum):
    """What a cell shows, the widest first."""

    WORDS = auto()
    IDS = auto()
    GLYPHS = auto()


@dataclass(frozen=True)
class Grid:
    """The lines of the table, and the form of its cells."""

    form: Form
    lines: list[Text]


@dataclass(frozen=True)
class _Strip:
    """A stack, drawn: its name and its cells."""

    name: str
    cells: tuple[Text, ...]

    @property
    def width(self) -> int:
        return max(cell.cell_len for cell in self.cells)


@dataclass(frozen=True)
class _Layout:
    """The lines above the cells, and where each stack's cells begin."""

    heading: list[Text]
    starts: list[int]


def draw_grid(matrix: Matrix, width: int, spell: Callable[[str], str]) -> Grid:
    """Return the table in the widest form that fits into the width.

    A stack's name is above its cells or, where names are too wide for that, on a step that leads to them. If
    not even glyphs fit, there are several tables, one below another.
    """
    names = matrix.integrations
    longest = max(len(_LABEL), min(max(map(cell_len, names)), width // 2))
    labels = [Text(spell(cut(name, longest)), _BOLD) for name in names]
    left = max(len(_LABEL), *(label.cell_len for label in labels)) + _GAP
    strips: list[_Strip] = []
    for arrange in (_above, _on_steps):
        for form in Form:
            strips = [_strip(column, names, form, spell) for column in matrix.columns]
            if layout := arrange(strips, left, width, spell):
                return Grid(form, [*layout.heading, *_rows(labels, strips, layout)])
    return Grid(Form.GLYPHS, [*_one_below_another(labels, strips, left, width, spell)])


def _one_below_another(
    labels: Sequence[Text], strips: Sequence[_Strip], left: int, width: int, spell: Callable[[str], str]
) -> Iterator[Text]:
    while strips:
        number = len(strips)
        while not (layout := _on_steps(strips[:number], left, width, spell)):
            number -= 1
        yield from (*layout.heading, *_rows(labels, strips[:number], layout))
        strips = strips[number:]
        if strips:
            yield Text()


def _strip(column: Column, names: Sequence[str], form: Form, spell: Callable[[str], str]) -> _Strip:
    cells = (column.cells.get(name) for name in names)
    empty = Text(spell(ABSENT_GLYPH), _DIM)
    if not column.is_certain:
        empty = Text(spell(UNKNOWN if form is Form.WORDS else UNREAD_GLYPH), f"{TROUBLE_STYLE} dim")
    return _Strip(column.stack, tuple(_shown(cell, form, spell) if cell else empty for cell in cells))


def _shown(cell: Cell, form: Form, spell: Callable[[str], str]) -> Text:
    style = STYLES[cell.state]
    text = Text(spell(SYMBOL[cell.state]), style)
    if form is Form.WORDS:
        text.append(f" {', '.join(cell.states)}")
    if form is not Form.GLYPHS and cell.rootfi_id is not None:
        is_quiet = cell.state in (State.ENABLED, State.DISABLED)
        text.append(f" {cell.rootfi_id}", "dim" if is_quiet else "")
    return text


def _above(strips: Sequence[_Strip], left: int, width: int, spell: Callable[[str], str]) -> _Layout | None:
    widths = [max(cell_len(strip.name), strip.width) for strip in strips]
    starts = _starts(widths, left)
    if starts[-1] + widths[-1] > width:
        return None
    names = ((start, Text(spell(strip.name), _BOLD)) for start, strip in zip(starts, strips, strict=True))
    return _Layout([_placed([(0, Text(_LABEL, _BOLD)), *names])], starts)


def _on_steps(strips: Sequence[_Strip], left: int, width: int, spell: Callable[[str], str]) -> _Layout | None:
    """Put the names on steps that go down from the middle to both sides.

    A name on the left ends above its column, one on the right begins there.
    """
    starts = _starts([strip.width for strip in strips], left)
    middle = len(strips) // 2
    rooms = [start + 1 if number < middle else width - start for number, start in enumerate(starts)]
    wanted = [min(cell_len(strip.name), max(_SHORTEST, width // 3)) for strip in strips]
    is_wide = starts[-1] + strips[-1].width > width
    if len(strips) > 1 and (
        is_wide or any(map(int.__gt__, [min(each, _SHORTEST) for each in wanted], rooms))
    ):
        return None
    names = [
        Text(spell(cut(strip.name, min(want, room))), _BOLD)
        for strip, want, room in zip(strips, wanted, rooms, strict=True)
    ]
    leader = Text(spell(LEADER), _DIM)
    lines = []
    for step in range(len(strips) - middle):
        first, last = middle - 1 - step, middle + step
        line = [(starts[number], leader) for number in range(max(first + 1, 0), last)]
        if first >= 0:
            line.insert(0, (starts[first] + 1 - names[first].cell_len, names[first]))
        lines.append([*line, (starts[last], names[last])])
    if lines[-1][0][0] > len(_LABEL):
        lines[-1].insert(0, (0, Text(_LABEL, _BOLD)))
    return _Layout([_placed(line) for line in lines], starts)


def _starts(widths: Sequence[int], left: int) -> list[int]:
    return list(accumulate((each + _GAP for each in widths[:-1]), initial=left))


def _rows(labels: Sequence[Text], strips: Sequence[_Strip], layout: _Layout) -> Iterator[Text]:
    for number, label in enumerate(labels):
        cells = ((start, strip.cells[number]) for start, strip in zip(layout.starts, strips, strict=True))
        yield _placed([(0, label), *cells])


def _placed(pieces: Sequence[tuple[int, Text]]) -> Text:
    line = Text()
    for start, piece in pieces:
        line.append(" " * (start - line.cell_len)).append_text(piece)
    return line
