"""Renders the report as one HTML page for people who do not know Pulumi. It loads nothing from the network.

Its Content-Security-Policy only allows the style and script that the page contains. See
https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
"""

import hashlib
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from string import Template

from rootfi_pulumi.cli.report.attention import NEEDS_ATTENTION
from rootfi_pulumi.cli.report.drift import GONE
from rootfi_pulumi.cli.report.markup import Markup, join, tag
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import MEANING, SYMBOL, State
from rootfi_pulumi.cli.report.wording import (
    ABSENT,
    ADVICE,
    TITLE,
    UNKNOWN,
    describe_empty,
    describe_overlaps,
    shorten,
)

# Columns that fit on a landscape sheet of paper.
_MOST_ON_PAPER = 6
_FROM_ROOTFI = "Compared with RootFi at that time."
_FROM_STATE = "Read from the records of the last deployments: later changes at RootFi do not show."
_OTHER_WORDS = (
    (ABSENT, "Neither declared for this environment nor set up in it."),
    (UNKNOWN, "The environment's records could not be read, so its integrations are unknown."),
    ("id", "The number that RootFi gave the integration."),
    ("client", "The last characters of the client id, which identify the application."),
    (
        "secret",
        "How long RootFi has had the client secret. RootFi does not show it exactly, so these are bounds.",
    ),
)


def render_html(matrix: Matrix) -> str:
    """Return the page. It contains no secret and loads nothing."""
    style, script = _asset("page.css"), _asset("page.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return Template(_asset("page.html")).substitute(
        policy=policy,
        style=style,
        script=script,
        title=join(TITLE),
        summary=_summary(matrix),
        generated=_generated(matrix),
        environments=join(*(_environment(column) for column in matrix.columns)),
        overlaps=join(*(_overlap(overlap) for overlap, _ in describe_overlaps(matrix.shared))),
        integrations=_integrations(matrix),
        legend=_legend(),
    )


def _asset(name: str) -> str:
    return files("rootfi_pulumi.cli.report").joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _summary(matrix: Matrix) -> Markup:
    shown = matrix.counts()
    urgent = [state for state in NEEDS_ATTENTION if shown[state]]
    unread = sum(bool(column.problems) for column in matrix.columns)
    if urgent:
        number = sum(shown[state] for state in urgent)
        need = f"{number} of {_many(shown.total(), 'integration')} need attention"
        first = join(tag("strong", need), f": {', '.join(f'{shown[state]} {state}' for state in urgent)}.")
    elif matrix.shared:
        first = tag("strong", "Some environments share an integration or an API key.")
    else:
        first = tag("strong", f"Nothing needs attention{' in what was read' if unread else ''}.")
    return join(first, f" {_many(unread, 'environment')} could not be read in full." if unread else "")


def _generated(matrix: Matrix) -> Markup:
    when = matrix.generated
    time = tag("time", when.strftime("%Y-%m-%d %H:%M UTC"), datetime=when.isoformat(timespec="seconds"))
    return join("Generated ", time, ". ", _FROM_ROOTFI if matrix.is_refreshed else _FROM_STATE)


def _environment(column: Column) -> Markup:
    holding = _holding([column])
    counts = [tag("li", _mark(state), f" {holding[state]} {state}") for state in State if holding[state]]
    return tag(
        "li",
        tag("h3", tag("bdi", column.stack)),
        tag("ul", *counts, class_="counts") if counts else "",
        *(tag("p", tag("strong", "Problem: "), text, class_="problem") for text in column.problems),
        *(tag("p", "Note: ", text, class_="note") for text in column.notes),
    )


def _overlap(sentence: str) -> Markup:
    # Not _code: the sentence contains names of environments, in which a backtick marks nothing.
    return tag(
        "p",
        tag("strong", "Problem: "),
        sentence,
        "; ",
        tag("code", ADVICE),
        " says what to do.",
        class_="problem",
    )


def _integrations(matrix: Matrix) -> Markup:
    if not matrix.integrations:
        return tag("p", "No integrations were found in these environments.")
    return Markup(
        Template(_asset("integrations.html")).substitute(
            filters=_filters(matrix),
            extent="matrix many" if len(matrix.columns) > _MOST_ON_PAPER else "matrix",
            headings=join(
                *(
                    tag("th", tag("bdi", column.stack), scope="col", role="columnheader")
                    for column in matrix.columns
                )
            ),
            rows=join(*(_row(matrix, name) for name in matrix.integrations)),
        )
    )


def _filters(matrix: Matrix) -> Markup:
    holding = _holding(matrix.columns)
    return join(
        *(
            tag(
                "label",
                Markup(f'<input type="checkbox" name="state" value="{state}">'),
                _mark(state),
                f" {state} ",
                tag("span", str(holding[state]), class_="count"),
            )
            for state in State
            if holding[state]
        )
    )


def _row(matrix: Matrix, name: str) -> Markup:
    found = [column.cells[name] for column in matrix.columns if name in column.cells]
    types = {cell.integration_type for cell in found} - {""}
    # A type that is the same in all environments is shown once, below the name.
    shared = types.pop() if len(types) == 1 else ""
    shown_type = tag("span", shared, class_="find type") if shared else ""
    return tag(
        "tr",
        tag("th", tag("bdi", name, class_="find name"), shown_type, scope="row", role="rowheader"),
        *(_cell(column, name, shared) for column in matrix.columns),
        role="row",
    )


def _cell(column: Column, name: str, shared_type: str) -> Markup:
    where = tag("bdi", column.stack, class_="where")
    cell = column.cells.get(name)
    if cell is None:
        return tag("td", where, tag("div", describe_empty(column), class_="empty"), role="cell")
    return tag(
        "td",
        where,
        tag("div", *_details(cell, shared_type), class_="details"),
        role="cell",
        data_states=" ".join(cell.states),
    )


def _details(cell: Cell, shared_type: str) -> Iterable[Markup]:
    also = (tag("span", f"also {state}", class_="also") for state in cell.states[1:])
    yield tag("p", _state(cell.state), *also, class_="states")
    if [each.member for each in cell.drifted] == [GONE]:
        yield tag("p", f"It is {GONE}.", class_="drift")
    elif cell.drifted:
        yield tag("p", f"Changed at RootFi: {', '.join(map(str, cell.drifted))}", class_="drift")
    facts = (
        ("type", "" if cell.integration_type == shared_type else cell.integration_type),
        ("id", "" if cell.rootfi_id is None else str(cell.rootfi_id)),
        ("client", shorten(cell.client_id)),
        ("secret", f"{cell.age.words} old" if cell.age else ""),
    )
    if known := [_fact(name, value) for name, value in facts if value]:
        yield tag("p", *known, class_="facts")


def _fact(name: str, value: str) -> Markup:
    # The spaces separate the words when the text is copied.
    return join(tag("span", tag("span", name, class_="label"), " ", tag("span", value, class_="find")), " ")


def _legend() -> Markup:
    states = ((tag("dt", _state(state)), tag("dd", _code(MEANING[state]))) for state in State)
    words = ((tag("dt", word), tag("dd", meaning)) for word, meaning in _OTHER_WORDS)
    return join(*(tag("div", *pair) for pair in (*states, *words)))


def _code(text: str) -> Markup:
    """Return the text with code in place of backticks."""
    parts = re.split(r"`(.*?)`", text)
    return join(*(tag("code", part) if number % 2 else part for number, part in enumerate(parts)))


def _state(state: State) -> Markup:
    return tag("span", _mark(state), f" {state}", class_=f"state {state}")


def _mark(state: State) -> Markup:
    return tag("span", SYMBOL[state], class_=f"mark {state}", aria_hidden="true")


def _holding(columns: Iterable[Column]) -> Counter[State]:
    """Count cells by each of their states, also those that are not shown first, as the filter does."""
    return Counter(state for column in columns for cell in column.cells.values() for state in cell.states)


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
