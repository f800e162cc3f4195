"""Renders the report as one HTML page for people who do not know Pulumi. It loads nothing from the network.

Its Content-Security-Policy only allows the style and script that the page contains. See
https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
"""

import hashlib
from base64 import b64encode
from dataclasses import replace
from importlib.resources import files
from string import Template

from rootfi_pulumi.cli.report.attention import (
    NEEDS_ATTENTION,
    count_stacks,
    find_attention,
    list_troubles,
    name_trouble,
)
from rootfi_pulumi.cli.report.html_attention import render_attention
from rootfi_pulumi.cli.report.html_matrix import render_matrix
from rootfi_pulumi.cli.report.html_parts import count, render_code, render_mark, render_state
from rootfi_pulumi.cli.report.markup import Markup, join, tag
from rootfi_pulumi.cli.report.matrix import Column, Matrix
from rootfi_pulumi.cli.report.order import stage_of
from rootfi_pulumi.cli.report.states import MEANING, State
from rootfi_pulumi.cli.report.wording import ABSENT, TITLE, UNKNOWN, describe_comparison

# Later styles override earlier ones.
_STYLES = (
    *("colours.css", "text.css", "sections.css", "controls.css"),
    *("matrix.css", "dense.css", "narrow.css", "touch.css", "print.css"),
)
_SCRIPTS = ("matrix.js", "filter.js", "copy.js")
_ORDER = "The most urgent environments come first, here and in the table; among equals, production does."
_FROM_STATE = "Read from the records of the last deployments: later changes at RootFi do not show."
_OTHER_WORDS = (
    (ABSENT, "Neither declared for this environment nor set up in it."),
    (UNKNOWN, "The environment's records or its file could not be read, so what it has is unknown."),
    ("id", "The number that RootFi gave the integration."),
    ("client", "The client id, which identifies the application."),
    (
        "secret",
        "How long RootFi has had the client secret. RootFi does not show it exactly, so these are bounds.",
    ),
)


def render_html(matrix: Matrix) -> str:
    """Return the page. It contains no secret and loads nothing."""
    attention = find_attention(matrix)
    matrix = sort_by_urgency(matrix)
    style, script = ("".join(map(_asset, names)) for names in (_STYLES, _SCRIPTS))
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
        attention=render_attention(matrix, attention),
        environments=join(*map(_environment, matrix.columns)),
        order=_ORDER if len(matrix.columns) > 1 else "",
        integrations=render_matrix(matrix, attention),
        legend=_legend(),
    )


def sort_by_urgency(matrix: Matrix) -> Matrix:
    """Return the matrix with columns by their most urgent state, and production first among equals."""
    return replace(matrix, columns=tuple(sorted(matrix.columns, key=_urgency)))


def _urgency(column: Column) -> tuple[int, int]:
    # A column that was not read shows no states, so it comes after those that show what to do.
    found = column.counts()
    ranks = [number for number, state in enumerate(NEEDS_ATTENTION) if found[state]]
    quiet = len(NEEDS_ATTENTION) + (not column.problems)
    return min([*ranks, quiet]), -stage_of(column.stack)


def _asset(name: str) -> str:
    return files("rootfi_pulumi.cli.report").joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _summary(matrix: Matrix) -> Markup:
    shown = matrix.counts()
    urgent = [state for state in NEEDS_ATTENTION if shown[state]]
    troubles = list_troubles(matrix, "environment")
    if urgent:
        number = sum(shown[state] for state in urgent)
        total = count(shown.total(), "integration")
        need = f"{number} of {total} {'needs' if number == 1 else 'need'} attention"
        where = f", in {count_stacks(matrix)} of {count(len(matrix.columns), 'environment')}"
        states = ", ".join(f"{shown[state]} {state}" for state in urgent)
        first = join(tag("strong", need), f"{where}: {states}.")
    elif matrix.shared:
        first = tag("strong", "Some environments share an integration or an API key.")
    else:
        first = tag("strong", f"Nothing needs attention{' in what was read' if troubles else ''}.")
    return join(first, f" {', '.join(troubles)}." if troubles else "")


def _generated(matrix: Matrix) -> Markup:
    when = matrix.generated
    time = tag("time", when.strftime("%Y-%m-%d %H:%M UTC"), datetime=when.isoformat(timespec="seconds"))
    compared = describe_comparison(matrix, "environment")
    source = f"{compared[0].upper()}{compared[1:]}." if matrix.is_refreshed else _FROM_STATE
    return join("Generated ", time, ". ", source)


def _environment(column: Column) -> Markup:
    found = column.counts()
    counts = [tag("li", render_mark(state), f" {found[state]} {state}") for state in State if found[state]]
    # The list above has the problems themselves.
    troubles = sorted({name_trouble(column, text) for text in column.problems})
    return tag(
        "li",
        tag("h3", tag("bdi", column.stack)),
        tag("ul", *(tag("li", what, class_="trouble") for what in troubles), *counts, class_="counts")
        if counts or troubles
        else "",
        *(tag("p", "Note: ", text, class_="note") for text in column.notes),
    )


def _legend() -> Markup:
    states = ((tag("dt", render_state(state)), tag("dd", render_code(MEANING[state]))) for state in State)
    words = ((tag("dt", word), tag("dd", meaning)) for word, meaning in _OTHER_WORDS)
    return join(*(tag("div", *pair) for pair in (*states, *words)))
