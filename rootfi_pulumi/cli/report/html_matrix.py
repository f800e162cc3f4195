"""Renders the table of the HTML report, with its filters: a row for each integration, a cell per environment.

Each cell has a button with its state and id, and details. The style shows one of the two: details where there
is room or something needs attention, otherwise the button, which opens them as a popover. See
https://developer.mozilla.org/en-US/docs/Web/API/Popover_API
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from rootfi_pulumi.cli.report.attention import NEEDS_ATTENTION, Attention
from rootfi_pulumi.cli.report.html_parts import (
    is_dense,
    render_command,
    render_drift,
    render_mark,
    render_state,
)
from rootfi_pulumi.cli.report.markup import Markup, join, tag
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.cli.report.wording import describe_empty


@dataclass(frozen=True)
class _Place:
    """A cell's place. `shared_type` is the row's type if all its cells have the same, `advice` what to do."""

    id: str
    stack: str
    name: str
    shared_type: str
    advice: Attention | None


def render_matrix(matrix: Matrix, attention: Sequence[Attention]) -> Markup:
    """Return the filters and the table, or a sentence if there are no integrations."""
    if not matrix.integrations:
        return tag("p", "No integrations were found in these environments.")
    template = files("rootfi_pulumi.cli.report").joinpath("page", "integrations.html")
    advice = {(each.stack, each.what): each for each in attention}
    rows = (_row(matrix, number, name, advice) for number, name in enumerate(matrix.integrations, 1))
    return Markup(
        Template(template.read_text(encoding="utf-8")).substitute(
            filters=_filters(matrix),
            extent="dense" if is_dense(matrix) else "roomy",
            headings=join(*(_heading(column) for column in matrix.columns)),
            rows=join(*rows),
        )
    )


def cell_id(column: int, row: int) -> str:
    """Return the id of a cell's element; both count from 1. It has no name, which can be any text."""
    return f"cell-{column}-{row}"


def _filters(matrix: Matrix) -> Markup:
    # Each of a cell's states, also those that are not shown first, as the filter does.
    cells = (cell for column in matrix.columns for cell in column.cells.values())
    counts = Counter(state for cell in cells for state in cell.states)
    return join(*(_filter(state, counts[state]) for state in State if counts[state]))


def _filter(state: State, number: int) -> Markup:
    box = Markup(f'<input type="checkbox" name="state" value="{state}">')
    return tag("label", box, render_mark(state), f" {state} ", tag("span", str(number), class_="count"))


def _heading(column: Column) -> Markup:
    return tag("th", tag("bdi", column.stack), scope="col", role="columnheader")


def _row(matrix: Matrix, number: int, name: str, advice: dict[tuple[str, str], Attention]) -> Markup:
    found = [column.cells[name] for column in matrix.columns if name in column.cells]
    types = {cell.integration_type for cell in found} - {""}
    # A type that is the same in all environments is shown once, below the name.
    shared = types.pop() if len(types) == 1 else ""
    cells = []
    for place, column in enumerate(matrix.columns, 1):
        if cell := column.cells.get(name):
            todo = advice.get((column.stack, cell.state))
            cells.append(_cell(cell, _Place(cell_id(place, number), column.stack, name, shared, todo)))
        else:
            cells.append(_empty(column))
    shown_type = tag("span", _breakable(shared), class_="find type") if shared else ""
    heading = tag("th", tag("bdi", name, class_="find name"), shown_type, scope="row", role="rowheader")
    return tag("tr", heading, *cells, role="row")


def _breakable(integration_type: str) -> Markup:
    first, *others = integration_type.split("_")
    return join(first, *(join("_", Markup("<wbr>"), part) for part in others))


def _empty(column: Column) -> Markup:
    text = tag("div", describe_empty(column), class_="empty")
    return tag(
        "td", _where(column.stack), text, role="cell", class_="absent" if column.is_certain else "unread"
    )


def _cell(cell: Cell, place: _Place) -> Markup:
    return tag(
        "td",
        _where(place.stack),
        _glance(cell, place),
        tag("div", *_details(cell, place), class_="details", id=f"{place.id}-details", popover="auto"),
        id=place.id,
        role="cell",
        tabindex="-1",
        class_=f"urgent {cell.state}" if cell.state in NEEDS_ATTENTION else "quiet",
        data_states=" ".join(cell.states),
    )


def _where(stack: str) -> Markup:
    return tag("bdi", stack, class_="where")


def _glance(cell: Cell, place: _Place) -> Markup:
    word = tag("span", str(cell.state), class_="word")
    number = tag("span", str(cell.rootfi_id), class_="number") if cell.rootfi_id is not None else ""
    return tag(
        "button",
        *(render_mark(cell.state), " ", word, " ", number),
        type="button",
        class_="glance",
        popovertarget=f"{place.id}-details",
    )


def _details(cell: Cell, place: _Place) -> Iterator[Markup]:
    close = tag(
        "button", "Close", type="button", popovertarget=f"{place.id}-details", popovertargetaction="hide"
    )
    title = tag("strong", tag("bdi", place.name), " in ", tag("bdi", place.stack))
    yield tag("div", title, close, class_="title")
    also = (tag("span", f"also {state}", class_="also") for state in cell.states[1:])
    yield tag("p", render_state(cell.state), *also, class_="states")
    yield from (tag("p", render_drift(each), class_="drift") for each in cell.drifted)
    facts = (
        ("type", "" if cell.integration_type == place.shared_type else cell.integration_type),
        ("id", "" if cell.rootfi_id is None else str(cell.rootfi_id)),
        ("client", cell.client_id),
        ("secret", f"{cell.age.words} old" if cell.age else ""),
    )
    if known := [_fact(name, value) for name, value in facts if value]:
        yield tag("p", *known, class_="facts")
    if place.advice:
        yield tag("p", "To do: ", render_command(place.advice.command), class_="advice")


def _fact(name: str, value: str) -> Markup:
    # The spaces separate the words when the text is copied.
    return join(tag("span", tag("span", name, class_="label"), " ", tag("span", value, class_="find")), " ")
