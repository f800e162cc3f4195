import hashlib
import json
import re
import shlex
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rootfi_pulumi.cli.report.deployed import Deployed
from rootfi_pulumi.cli.report.drift import Drift
from rootfi_pulumi.cli.report.html import render_html, sort_by_urgency
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix, build_matrix
from rootfi_pulumi.cli.report.reading import Reading
from rootfi_pulumi.cli.report.states import MEANING, State
from rootfi_pulumi.declaration.one_organisation import Holding, Shared
from tests.support.pages.full_matrix import EVERY_STATE
from tests.support.pages.large_matrix import TWELVE_STACKS
from tests.support.pages.parsed import Parsed, words_of

NOW = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
URN = "urn:pulumi:dev::rootfi::pulumi-python:dynamic/rootfi:Integration::xero"
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "\"' onmouseover=alert(1) x='",
    "</script><script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "<!-- ",
    "]]>&lt;b&amp;",
    "$script ${policy} $$",
    "%s {0} {policy}",
    "\\u003cscript\\u003e",
]


def page_of(*columns: Column, is_refreshed: bool = True) -> str:
    return render_html(Matrix(NOW, is_refreshed, columns))


def named(text: str) -> str:
    cell = Cell((State.DRIFTED,), text, text, 1, drifted=(Drift(text), Drift("client_id", text, text)))
    column = Column(text, {text: cell, "other": Cell((State.ENABLED,))}, notes=(text,), problems=(text,))
    shared = (Shared(text, (Holding(text, text), Holding("u", text))),)
    return render_html(Matrix(NOW, is_refreshed=True, columns=(column,), shared=shared))


def count_texts(text: str, page: Parsed) -> int:
    # In a command the name is quoted for the shell.
    return sum(text in each or shlex.quote(text) in each for each in page.texts)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_text_wherever_it_appears(text: str) -> None:
    harmless, hostile = Parsed(named("harmless")), Parsed(named(text))
    assert hostile.elements == harmless.elements
    assert count_texts(text, hostile) == count_texts("harmless", harmless)


def test_the_page_names_nothing_to_load() -> None:
    page = render_html(EVERY_STATE)
    assert (
        re.findall(r"https?:|//\w|\bsrc(set)?=|url\(|@import|fetch\(|import\(|XMLHttp|sendBeacon", page) == []
    )
    links = [each for each in Parsed(page).values("href") if each and not each.startswith("#")]
    assert links == ["data:,"]


def test_the_policy_allows_only_the_pages_own_style_and_script() -> None:
    page = render_html(EVERY_STATE)
    own = {}
    for kind in ("style", "script"):
        [text] = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        own[kind] = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    policy = Parsed(page).values("content")[0]
    assert policy
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{own['style']}'",
        f"script-src 'sha256-{own['script']}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_no_attribute_holds_style_or_script() -> None:
    names = {name for _, attributes in Parsed(render_html(EVERY_STATE)).elements for name in attributes}
    assert [name for name in names if name == "style" or name.startswith("on")] == []


def test_the_script_writes_no_html() -> None:
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b", render_html(EVERY_STATE))
        == []
    )


def test_no_credential_gets_onto_the_page_but_the_client_id() -> None:
    members = {
        "integration_type": "XERO",
        "client_id": "the-whole-client-id",
        "client_secret": {"4dabf18193072939515e22adb298388d": "1b47", "ciphertext": "v1:c2VhbGVk"},
        "secret_in_plain": "hunter2",
        "is_disabled": False,
    }
    page = render_html(
        build_matrix([Reading("dev", deployed=[Deployed(URN, members)])], NOW, is_refreshed=False)
    )
    assert "the-whole-client-id" in page
    told = [text for text in ("4dabf181", "v1:c2VhbGVk", "hunter2") if text in page]
    assert told == [], json.dumps(told)


@pytest.mark.parametrize("state", State)
def test_each_state_is_explained_even_where_it_does_not_occur(state: State) -> None:
    assert MEANING[state].replace("`", "") in words_of(page_of())


@pytest.mark.parametrize(
    ("columns", "summary"),
    [
        ([], "Nothing needs attention."),
        (
            [Column("dev", {"a": Cell((State.ENABLED,)), "b": Cell((State.DISABLED,))})],
            "Nothing needs attention.",
        ),
        (
            [Column("dev", {"a": Cell((State.DRIFTED, State.DISABLED)), "b": Cell((State.ENABLED,))})],
            "1 of 2 integrations needs attention, in 1 of 1 environment: 1 drifted.",
        ),
        (
            [Column("dev", {"a": Cell((State.MISSING,)), "b": Cell((State.UNFINISHED,))})],
            "2 of 2 integrations need attention, in 1 of 1 environment: 1 unfinished, 1 missing.",
        ),
        (
            [Column("dev", {}, is_known=False, problems=("no",))],
            "Nothing needs attention in what was read. 1 environment not read.",
        ),
    ],
)
def test_the_summary_says_what_needs_attention(columns: list[Column], summary: str) -> None:
    assert f" {summary} Generated 2026-03-14 09:26 UTC." in words_of(page_of(*columns))


@pytest.mark.parametrize(
    ("is_refreshed", "words"),
    [
        (True, "1 of 2 environments compared with RootFi, all but prod; nothing to compare in new."),
        (False, "later changes at RootFi do not show"),
    ],
)
def test_the_page_says_how_much_was_compared(is_refreshed: bool, words: str) -> None:
    cells = {"xero": Cell((State.ENABLED,))}
    columns = (Column("dev", cells, is_compared=True), Column("prod", cells), Column("new", {}))
    assert words in words_of(page_of(*columns, is_refreshed=is_refreshed))


def test_a_page_without_integrations_says_so_and_has_no_table() -> None:
    page = Parsed(page_of(Column("dev", {}, notes=("never deployed",))))
    assert "No integrations were found in these environments." in page.texts
    assert [tag for tag, _ in page.elements if tag in {"table", "form"}] == []


def test_overlap_alone_is_in_the_summary() -> None:
    shared = (Shared(1234, (Holding("dev", "xero"), Holding("u", "xero"))),)
    words = words_of(render_html(Matrix(NOW, is_refreshed=True, columns=(), shared=shared)))
    assert "Nothing needs attention" not in words
    assert "Some environments share an integration or an API key." in words


def test_a_problem_is_printed_once_and_named_by_its_environment() -> None:
    column = Column("prod", {}, is_known=False, problems=("state: no login",))
    page = page_of(Column("dev", {}), column)
    assert words_of(page).count("no login") == 1
    assert '<h3><bdi>prod</bdi></h3><ul class="counts"><li class="trouble">not read</li>' in page


def test_a_page_where_nothing_needs_attention_has_no_list_of_it() -> None:
    page = page_of(Column("dev", {"xero": Cell((State.ENABLED,))}))
    assert "attention" not in Parsed(page).values("id")


def test_urgent_environments_come_first_then_production() -> None:
    sorted_ = [column.stack for column in sort_by_urgency(TWELVE_STACKS).columns]
    assert sorted_ == [
        *("qa", "prod-us", "prod-mena", "staging", "demo"),
        *("prod-eu", "prod-in", "prod-za", "staging-eu", "dev", "dev-eu", "sandbox"),
    ]
    page = render_html(TWELVE_STACKS)
    assert re.findall(r"<h3><bdi>(.*?)</bdi>", page) == sorted_
    assert re.findall(r'role="columnheader"><bdi>(.*?)</bdi>', page) == sorted_
    assert "The most urgent environments come first" in words_of(page)


def test_counts_of_an_environment_add_up_to_its_integrations() -> None:
    cards = re.findall(r"<h3><bdi>(.*?)</bdi></h3>(.*?)</li></ul>", render_html(TWELVE_STACKS))
    counted = {stack: sum(map(int, re.findall(r"</span> (\d+) ", card))) for stack, card in cards}
    had = {column.stack: len(column.cells) for column in TWELVE_STACKS.columns}
    assert counted == had


def test_every_file_of_the_page_is_used() -> None:
    page = render_html(EVERY_STATE)
    for path in (Path(render_html.__code__.co_filename).parent / "page").glob("*.[cj]s*"):
        assert path.read_text() in page, path.name
