"""Renders the list at the top of the HTML report: what needs attention, where, and the command for it."""

from collections.abc import Sequence

from rootfi_pulumi.cli.report.attention import NEEDS_ATTENTION, Attention, name_trouble
from rootfi_pulumi.cli.report.html_matrix import cell_id
from rootfi_pulumi.cli.report.html_parts import render_command, render_state, summarise_drift
from rootfi_pulumi.cli.report.markup import Markup, join, tag
from rootfi_pulumi.cli.report.matrix import Cell, Matrix
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.cli.report.wording import ADVICE, describe_overlaps

# More names than this are folded away.
_MOST_NAMED = 3


def render_attention(matrix: Matrix, attention: Sequence[Attention]) -> Markup:
    """Return the section, or nothing if nothing needs attention. Each name links to its cell in the table."""
    rows = [*(_entry(matrix, each) for each in attention), *_overlaps(matrix)]
    if not rows:
        return Markup("")
    return tag(
        "section",
        tag("h2", "What needs attention", id="attention"),
        tag("ul", *rows, class_="attention"),
        aria_labelledby="attention",
    )


def _entry(matrix: Matrix, each: Attention) -> Markup:
    number, column = next(found for found in enumerate(matrix.columns, 1) if found[1].stack == each.stack)
    if not each.names:
        problems = (text for text in column.problems if name_trouble(column, text) == each.what)
        what = tag("span", each.what, class_="state trouble")
        return _row(what, each.stack, join(*(tag("p", text) for text in problems)), each.command)
    rows = {name: row for row, name in enumerate(matrix.integrations, 1)}
    links = [_link(name, column.cells[name], cell_id(number, rows[name])) for name in each.names]
    return _row(render_state(State(each.what)), each.stack, _names(links), each.command, each.effect)


def _link(name: str, cell: Cell, target: str) -> Markup:
    changes = summarise_drift(cell.drifted)
    return tag(
        "li",
        tag("a", tag("bdi", name), href=f"#{target}", class_="jump"),
        tag("span", f" {changes}", class_="drift") if changes else "",
        *(tag("span", f" also {state}") for state in cell.states[1:] if state in NEEDS_ATTENTION),
        " ",
    )


def _names(links: Sequence[Markup]) -> Markup:
    if len(links) <= _MOST_NAMED:
        return tag("ul", *links, class_="names")
    more = tag("summary", f"{len(links) - _MOST_NAMED} more")
    folded = tag("details", more, tag("ul", *links[_MOST_NAMED:], class_="names"))
    return join(tag("ul", *links[:_MOST_NAMED], class_="names"), folded)


def _overlaps(matrix: Matrix) -> list[Markup]:
    what = tag("span", "shared", class_="state trouble")
    return [_row(what, "", tag("p", sentence), ADVICE) for sentence, _ in describe_overlaps(matrix.shared)]


def _row(what: Markup, stack: str, subject: Markup, command: str, effect: str = "") -> Markup:
    return tag(
        "li",
        tag("div", what, class_="what"),
        tag("div", tag("bdi", stack), class_="stack"),
        tag("div", subject, class_="subject"),
        tag("div", render_command(command), tag("span", f" {effect}", class_="effect") if effect else ""),
    )
