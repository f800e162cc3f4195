"""The report in Markdown, as a browser shows it."""

from html import unescape
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from rootfi_pulumi.cli.report.drift import Drift
from rootfi_pulumi.cli.report.markdown import render_markdown
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.cli.report.wording import shorten
from rootfi_pulumi.declaration.one_organisation import Holding, Shared
from tests.support.pages.large_matrix import TWELVE_STACKS
from tests.support.pages.small_matrix import (
    HOSTILE,
    NOW,
    SAME_ID,
    SAME_TYPE,
    SHARED,
    TWO,
    UNREAD,
    XERO,
    matrix_of,
)


class Page(HTMLParser):
    """What a browser makes of Markdown: the elements, and the text of each cell."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.cells: list[str] = []
        self.text = ""
        self.is_in_cell = False
        self.feed(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag in {"td", "th"}:
            self.cells.append("")
            self.is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.is_in_cell = self.is_in_cell and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.is_in_cell:
            self.cells[-1] += data.strip("\n")


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_shows_a_name_as_it_is_written(name: str) -> None:
    cell = Cell((State.DRIFTED,), name, name, drifted=(Drift(name),))
    shared = (Shared(name, (Holding(name, name), Holding("u", name))),)
    column = Column(name, {name: cell}, notes=(name,))
    page = Page(render_markdown(Matrix(NOW, is_refreshed=False, columns=(column,), shared=shared)))
    table_of = {"table", "thead", "tbody", "tr", "th", "td", "code", "sub", "br", "strong"}
    assert page.tags == table_of | {"h2", "p", "ul", "li", "details", "summary"}
    assert page.attributes == set()
    # Both tables have the stack and the integration; the second one has the details.
    assert [page.cells[1], page.cells[2], page.cells[5], page.cells[6]] == [name] * 4
    assert (page.cells[3], page.cells[7]) == ("🟠\xa0≠", f"≠ drifted{name}{name} · {shorten(name)}")
    assert f"drifted in {name}: {name} ({name})" in page.text


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_shows_a_name_after_the_command_as_it_is_written(name: str) -> None:
    column = Column("dev", {"new": Cell((State.MISSING,)), name: Cell((State.UNDECLARED,))})
    page = Page(render_markdown(matrix_of(column)))
    assert f"pulumi up --stack dev also disables {name}\n" in page.text


def test_markdown_has_no_mention_and_no_foreign_link() -> None:
    text = render_markdown(
        matrix_of(Column("@somebody", {"#1 www.evil.com": XERO}, problems=("https://evil",)))
    )
    assert [each for each in ("@", "#1", "www.", "://") if each in text] == []


def test_markdown_begins_with_what_needs_attention() -> None:
    begin, _, rest = render_markdown(TWO).partition("| Integration")
    assert begin == (
        "## RootFi environments\n\n"
        "**1 of 2 needs attention, in 1 of 2 stacks, 1 stack not read**\n\n"
        "- 🟠 ≠ **drifted** in <code>dev</code>: <code>wave &#40;client&#95;secret&#41;</code>"
        "<br><code>pulumi up --refresh --stack dev</code>\n"
        "- ⚠️ **not read** in <code>prod</code>: <code>state&#58; no login</code>"
        "<br><code>rootfi-pulumi doctor --stack prod</code>\n\n"
    )
    assert "no login" not in rest


def test_markdown_has_a_mark_and_id_for_each_integration() -> None:
    table = render_markdown(TWO).partition("| Integration")[2].partition("<details>")[0]
    assert table == (
        " | <code>dev</code> | <code>prod</code> |\n"
        "| --- | --- | --- |\n"
        "| <code>wave</code> | **🟠&nbsp;≠&nbsp;1235** | ⚠️ |\n"
        "| <code>xero</code> | 🟢&nbsp;1234 | ⚠️ |\n\n"
        "🟢 1 enabled, 🟠 ≠ 1 drifted, ⚠️ not read\n\n"
        "- <code>dev</code>: <code>a note</code>\n\n"
    )


def test_markdown_folds_details_and_meanings() -> None:
    assert render_markdown(TWO).partition("<details>")[2] == (
        "\n<summary>Types, client ids and ages; what the states mean</summary>\n\n"
        "| Integration | <code>dev</code> | <code>prod</code> |\n"
        "| --- | --- | --- |\n"
        "| <code>wave</code> | **≠ drifted**<br><sub><code>client&#95;secret&#44; disabled</code></sub>"
        "<br><sub><code>XERO · my-app · 1235</code></sub> | not read |\n"
        "| <code>xero</code> | ● enabled<br><sub><code>XERO · my-app · 1234 · 0-98 d</code></sub> | not read |\n\n"
        "- 🟠 ≠ **drifted**: Changed at RootFi outside of deployments, or adopted with other values than "
        "declared. The next deployment with a refresh restores "
        "the declared values.\n"
        "- ⚪ **disabled**: Set up at RootFi and disabled: companies cannot connect through it.\n\n"
        "</details>\n\n"
        "<sub>2026-11-25 12:00 UTC, from the state alone; --refresh finds drift</sub>\n"
    )


def test_markdown_names_three_of_many_and_their_number() -> None:
    text = render_markdown(TWELVE_STACKS)
    names = "<code>busy</code>, <code>mekari-jurnal</code>, <code>ms-dynamics-365</code> and 13 more"
    effect = "<code>xero</code><br><code>pulumi up --stack staging</code> disables it"
    assert [names in text, effect in text] == [True, True]


def test_markdown_without_integrations_has_no_table() -> None:
    assert "|" not in render_markdown(matrix_of(UNREAD))


def test_markdown_has_an_item_for_each_overlap() -> None:
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(render_markdown(SHARED))
    items = [line for line in unescape(rendered).splitlines() if line.startswith("<li>")]
    assert [item.partition(": ")[0] for item in items] == [
        f"<li>⚠️ <code>{start[:-2]}" for start in (SAME_ID, SAME_TYPE)
    ]
