"""The table, the Markdown and the JSON of one matrix, with names that try to inject markup into each."""

import json
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from io import StringIO
from typing import Any

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from rootfi_pulumi.cli.report.age import Age
from rootfi_pulumi.cli.report.as_json import render_json
from rootfi_pulumi.cli.report.markdown import render_markdown
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.cli.report.table import print_table
from rootfi_pulumi.declaration.one_organisation import Holding, Shared

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    "a|b\\|c",
    "`a` ``b``",
    "[x](javascript:alert(1)) ![i](//evil)",
    "**bold** _x_ ~~y~~ # - 1. &lt;",
    "[red]x[/red][link=https://evil]",
    "@somebody #1 https://evil www.evil.com",
    "</code></td><img src=x onerror=y>",
    "\"\\u0000'",
)
XERO = Cell((State.ENABLED,), "XERO", "-app", 1234, Age(0, 98), 1)
DRIFTED = Cell((State.DRIFTED, State.DISABLED), "XERO", "-app", 1235, None, 2, ("client_secret",))
UNREAD = Column("prod", {}, is_known=False, problems=("state: no login",))


def of(*columns: Column) -> Matrix:
    return Matrix(NOW, is_refreshed=False, columns=columns)


TWO = of(Column("dev", {"xero": XERO, "wave": DRIFTED}, notes=("a note",)), UNREAD)


def drawn(shown: Matrix, **options: Any) -> str:
    written = StringIO()
    print_table(Console(file=written, highlight=False, _environ={}, **options), shown)
    return written.getvalue()


class Page(HTMLParser):
    """What a browser makes of Markdown: the elements, and the text of each cell."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.cells: list[str] = []
        self.feed(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data.strip("\n")


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_shows_a_name_as_it_is_written(name: str) -> None:
    cell = Cell((State.DRIFTED,), name, name, drifted=(name,))
    shared = (Shared(name, (Holding(name, name), Holding("u", name))),)
    column = Column(name, {name: cell}, notes=(name,))
    page = Page(render_markdown(Matrix(NOW, is_refreshed=False, columns=(column,), shared=shared)))
    table_of = {"table", "thead", "tbody", "tr", "th", "td", "code", "sub", "br", "strong"}
    assert page.tags == table_of | {"h2", "p", "ul", "li"}
    assert page.attributes == set()
    assert [page.cells[1], page.cells[2]] == [name, name]
    assert page.cells[3].startswith(f"≠ drifted{name}{name} · …{name}")


def test_markdown_has_no_mention_and_no_foreign_link() -> None:
    text = render_markdown(of(Column("@somebody", {"#1 www.evil.com": XERO}, problems=("https://evil",))))
    assert [each for each in ("@", "#1", "www.", "://") if each in text] == []


def test_markdown_has_integrations_by_stack_and_a_legend() -> None:
    assert render_markdown(TWO) == (
        "## RootFi environments\n\n"
        "1 drifted, 1 enabled.\n\n"
        "| Integration | <code>dev</code> | <code>prod</code> |\n"
        "| --- | --- | --- |\n"
        "| <code>wave</code> | **≠ drifted**<br><sub><code>client&#95;secret&#44; disabled</code></sub>"
        "<br><sub><code>XERO · …-app · 1235</code></sub> | not read |\n"
        "| <code>xero</code> | ● enabled<br><sub><code>XERO · …-app · 1234 · 0-98 d</code></sub> | not read |\n\n"
        "- <code>dev</code>: <code>a note</code>\n"
        "- ⚠ <code>prod</code>: <code>state&#58; no login</code>\n\n"
        "- ≠ **drifted**: Changed at RootFi outside of deployments. The next deployment with a refresh restores the "
        "declared values.\n"
        "- ○ **disabled**: Set up at RootFi and disabled: companies cannot connect through it.\n\n"
        "<sub>2026-11-25 12:00 UTC, from the state alone; --refresh finds drift</sub>\n"
    )


def test_markdown_without_integrations_has_no_table() -> None:
    assert "|" not in render_markdown(of(UNREAD))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("is_terminal", [False, True])
def test_a_table_shows_a_name_as_it_is_written(name: str, is_terminal: bool) -> None:
    shown = of(Column(name, {name: XERO}, problems=(name,)))
    text = drawn(shown, force_terminal=is_terminal, no_color=True, width=400)
    assert text.count(name) == 4


def test_a_table_in_a_pipe_is_plain_and_each_integration_a_line() -> None:
    assert [line.rstrip() for line in drawn(TWO, width=20).splitlines()] == [
        "RootFi environments: 1 drifted, 1 enabled",
        "integration  dev                                                       prod",
        "wave         ≠ drifted (client_secret, disabled), XERO · …-app · 1235  not read",
        "xero         ● enabled, XERO · …-app · 1234 · 0-98 d                   not read",
        "dev: a note",
        "prod: state: no login",
        "2026-11-25 12:00 UTC, from the state alone; --refresh finds drift",
    ]


def test_stacks_too_wide_for_a_terminal_are_printed_one_below_another() -> None:
    shown = of(*(Column(f"stack-{number}", {"xero": XERO}) for number in range(5)))
    options = {"force_terminal": True, "color_system": None}
    tops = [drawn(shown, width=width, **options).count("╭") for width in (300, 100, 60, 10)]
    assert tops == [1, 3, 5, 5]


def test_no_line_of_a_terminals_table_is_wider_than_the_terminal() -> None:
    lines = drawn(TWO, force_terminal=True, color_system=None, width=40).splitlines()
    assert max(len(line) for line in lines if line[0] in "╭│├╰") <= 40


@pytest.mark.parametrize("name", HOSTILE)
def test_json_has_a_name_as_it_is_written(name: str) -> None:
    told = json.loads(render_json(of(Column(name, {name: XERO}))))
    assert [(each["stack"], [*each["integrations"]]) for each in told["stacks"]] == [(name, [name])]


def test_json_has_the_documented_shape() -> None:
    told = json.loads(render_json(TWO))
    none = dict.fromkeys(State, 0)
    dev, prod = told.pop("stacks")
    counts = none | {"drifted": 1, "enabled": 1}
    generated = "2026-11-25T12:00:00+00:00"
    assert told == {"generated": generated, "refreshed": False, "counts": counts, "shared": []}
    assert prod == {
        "stack": "prod",
        "known": False,
        "notes": [],
        "problems": ["state: no login"],
        "counts": none,
        "integrations": {},
    }
    assert [*dev["integrations"]] == ["wave", "xero"]
    assert dev["integrations"]["wave"] == {
        "state": "drifted",
        "states": ["drifted", "disabled"],
        "integration_type": "XERO",
        "client_id_tail": "-app",
        "rootfi_id": 1235,
        "secret_number": 2,
        "age_days": None,
        "drifted": ["client_secret"],
    }
    assert dev["integrations"]["xero"]["age_days"] == {"at_least": 0, "at_most": 98}


KEY = b"digest"
SHARED = Matrix(
    NOW,
    is_refreshed=False,
    columns=(Column("dev", {"xero": XERO}), Column("u", {"xero": XERO})),
    shared=(
        Shared(1234, (Holding("dev", "xero", key=KEY), Holding("u", "xero", key=KEY))),
        Shared("WAVE", (Holding("dev", "wave", key=KEY), Holding("u", "wave", key=KEY))),
    ),
)
SAME_ID = "dev and u manage the same integration, 1234 (xero): "
SAME_TYPE = "dev and u have the same API key and each has WAVE (wave): "


def test_table_has_a_line_for_each_overlap() -> None:
    lines = drawn(SHARED).splitlines()
    found = [line for line in lines if line.endswith("; `rootfi-pulumi doctor` says what to do")]
    assert [line.partition(": ")[0] for line in found] == [SAME_ID[:-2], SAME_TYPE[:-2]]
    assert found == lines[-3:-1]


def test_terminal_shows_an_overlap_as_a_problem() -> None:
    assert f"\x1b[31m{SAME_ID}" in drawn(SHARED, force_terminal=True, color_system="standard", width=400)


def test_markdown_has_an_item_for_each_overlap() -> None:
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(render_markdown(SHARED))
    items = [line for line in unescape(rendered).splitlines() if line.startswith("<li>")]
    assert [item.partition(": ")[0] for item in items] == [
        f"<li>⚠ <code>{start[:-2]}" for start in (SAME_ID, SAME_TYPE)
    ]


def test_json_lists_what_is_shared() -> None:
    stacks = ("dev", "u")
    assert json.loads(render_json(SHARED))["shared"] == [
        {
            "rootfi_id": 1234,
            "integration_type": "",
            "same_key": True,
            "integrations": [{"stack": stack, "name": "xero"} for stack in stacks],
        },
        {
            "rootfi_id": None,
            "integration_type": "WAVE",
            "same_key": True,
            "integrations": [{"stack": stack, "name": "wave"} for stack in stacks],
        },
    ]
