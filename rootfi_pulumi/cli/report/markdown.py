"""Renders the report as Markdown, for the summary of a pull request or job on GitHub or GitLab."""

from collections.abc import Iterator

from rootfi_pulumi.cli.markdown_text import as_code
from rootfi_pulumi.cli.report.matrix import Cell, Matrix
from rootfi_pulumi.cli.report.states import MEANING, SYMBOL, State
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


def render_markdown(matrix: Matrix) -> str:
    """Return a heading, the counts, the table, remarks on the stacks, and the meaning of the states."""
    blocks = (
        f"## {TITLE}",
        f"{count_states(matrix) or 'No integrations'}.",
        "\n".join(_rows(matrix)),
        "\n".join(
            f"- {'⚠ ' if column.problems else ''}{as_code(column.stack)}: {as_code(column.remark)}"
            for column in matrix.columns
            if column.remark
        ),
        "\n".join(
            f"- ⚠ {as_code(overlap)}; <code>{ADVICE}</code> says what to do"
            for overlap, _ in describe_overlaps(matrix.shared)
        ),
        "\n".join(f"- {SYMBOL[state]} **{state}**: {MEANING[state]}" for state in _to_explain(matrix)),
        f"<sub>{describe_reading(matrix)}</sub>",
    )
    return "\n\n".join(filter(None, blocks)) + "\n"


def _rows(matrix: Matrix) -> Iterator[str]:
    if not matrix.integrations:
        return
    yield _row("Integration", *(as_code(column.stack) for column in matrix.columns))
    yield _row(*["---"] * (1 + len(matrix.columns)))
    for name in matrix.integrations:
        cells = ((column, column.cells.get(name)) for column in matrix.columns)
        yield _row(
            as_code(name), *(_shown(cell) if cell else describe_empty(column) for column, cell in cells)
        )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(cell: Cell) -> str:
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
