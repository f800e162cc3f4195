"""Renders the report as Markdown, for the summary of a pull request or job on GitHub or GitLab."""

from collections.abc import Callable, Iterator

from rootfi_pulumi.cli.markdown_text import as_code, escape_markdown
from rootfi_pulumi.cli.report.attention import NEEDS_ATTENTION, Attention, find_attention
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import MEANING, SYMBOL, State
from rootfi_pulumi.cli.report.wording import (
    ABSENT_GLYPH,
    ADVICE,
    TITLE,
    UNKNOWN,
    describe_credential,
    describe_empty,
    describe_headline,
    describe_more,
    describe_names,
    describe_overlaps,
    describe_reading,
    list_some,
)

# Coloured on every page and in every theme. What needs attention also has its symbol, for the colour-blind.
_MARKS = {
    State.ENABLED: "🟢",
    State.DISABLED: "⚪",
    State.MISSING: f"🟡 {SYMBOL[State.MISSING]}",
    State.UNDECLARED: f"🟣 {SYMBOL[State.UNDECLARED]}",
    State.UNFINISHED: f"🔴 {SYMBOL[State.UNFINISHED]}",
    State.DRIFTED: f"🟠 {SYMBOL[State.DRIFTED]}",
}
_TROUBLE = "⚠️"
_MOST_NAMED = 3


def render_markdown(matrix: Matrix) -> str:
    """Return what needs attention, a table of marks and ids, its legend, notes, and folded details."""
    blocks = (
        f"## {TITLE}",
        f"**{describe_headline(matrix)}**",
        "\n".join(_alerts(matrix)),
        "\n".join(_table(matrix, _mark, lambda column: ABSENT_GLYPH if column.is_certain else _TROUBLE)),
        ", ".join(_legend(matrix)),
        "\n".join(
            f"- {as_code(column.stack)}: {as_code('; '.join(column.notes))}"
            for column in matrix.columns
            if column.notes
        ),
        *(_details(matrix) if matrix.integrations else ()),
        f"<sub>{describe_reading(matrix)}</sub>",
    )
    return "\n\n".join(filter(None, blocks)) + "\n"


def _alerts(matrix: Matrix) -> Iterator[str]:
    for each in find_attention(matrix):
        mark = _MARKS[State(each.what)] if each.what in _MARKS else _TROUBLE
        what = f"{mark} **{each.what}** in {as_code(each.stack)}: {_named(matrix, each)}"
        effect = f" {escape_markdown(each.effect)}" if each.effect else ""
        yield f"- {what}<br>{as_code(each.command)}{effect}"
    for overlap, _ in describe_overlaps(matrix.shared):
        yield f"- {_TROUBLE} {as_code(overlap)}; <code>{ADVICE}</code> says what to do"


def _named(matrix: Matrix, found: Attention) -> str:
    names = [as_code(each) for each in found.reasons or describe_names(matrix, found)]
    return list_some(names, len(names) if len(names) <= _MOST_NAMED + 1 else _MOST_NAMED)


def _table(matrix: Matrix, show: Callable[[Cell], str], show_empty: Callable[[Column], str]) -> Iterator[str]:
    if not matrix.integrations:
        return
    yield _row("Integration", *(as_code(column.stack) for column in matrix.columns))
    yield _row(*["---"] * (1 + len(matrix.columns)))
    for name in matrix.integrations:
        cells = ((column, column.cells.get(name)) for column in matrix.columns)
        yield _row(as_code(name), *(show(cell) if cell else show_empty(column) for column, cell in cells))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _mark(cell: Cell) -> str:
    shown = _MARKS[cell.state] if cell.rootfi_id is None else f"{_MARKS[cell.state]} {cell.rootfi_id}"
    # A space that does not break keeps the mark and the id on a line.
    shown = shown.replace(" ", "&nbsp;")
    return f"**{shown}**" if cell.state in NEEDS_ATTENTION else shown


def _legend(matrix: Matrix) -> Iterator[str]:
    counts = matrix.counts()
    for state in reversed(State):
        if counts[state]:
            yield f"{_MARKS[state]} {counts[state]} {state}"
    if any(len(column.cells) < len(matrix.integrations) for column in matrix.columns if column.is_certain):
        yield f"{ABSENT_GLYPH} absent"
    if matrix.integrations and not all(column.is_certain for column in matrix.columns):
        yield f"{_TROUBLE} {UNKNOWN}"


def _details(matrix: Matrix) -> Iterator[str]:
    yield "<details>\n<summary>Types, client ids and ages; what the states mean</summary>"
    yield "\n".join(_table(matrix, _detail, describe_empty))
    yield "\n".join(f"- {_MARKS[state]} **{state}**: {MEANING[state]}" for state in _to_explain(matrix))
    yield "</details>"


def _detail(cell: Cell) -> str:
    state = f"{SYMBOL[cell.state]} {cell.state}"
    details = " · ".join(filter(None, (cell.integration_type, describe_credential(cell))))
    return "<br>".join(
        (
            state if cell.state is State.ENABLED else f"**{state}**",
            *(f"<sub>{as_code(line)}</sub>" for line in (describe_more(cell), details) if line),
        )
    )


def _to_explain(matrix: Matrix) -> Iterator[State]:
    seen = {state for column in matrix.columns for cell in column.cells.values() for state in cell.states}
    return (state for state in State if state in seen and state is not State.ENABLED)
