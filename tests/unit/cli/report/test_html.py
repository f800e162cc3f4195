import hashlib
import json
import re
from base64 import b64encode
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from rootfi_pulumi.cli.report.deployed import Deployed
from rootfi_pulumi.cli.report.drift import Drift
from rootfi_pulumi.cli.report.html import render_html
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix, build_matrix
from rootfi_pulumi.cli.report.reading import Reading
from rootfi_pulumi.cli.report.states import MEANING, State
from rootfi_pulumi.declaration.one_organisation import Holding, Shared
from tests.support.pages.full_matrix import EVERY_STATE

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


class Parsed(HTMLParser):
    """What a browser makes of a page: its elements, and each element's text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def values(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def page_of(*columns: Column, is_refreshed: bool = True) -> str:
    return render_html(Matrix(NOW, is_refreshed, columns))


def words_of(page: str) -> str:
    return " ".join("".join(Parsed(page).texts).split())


def named(text: str) -> str:
    cell = Cell((State.DRIFTED,), text, text, 1, drifted=(Drift(text), Drift("client_id", text, text)))
    column = Column(text, {text: cell, "other": Cell((State.ENABLED,))}, notes=(text,), problems=(text,))
    shared = (Shared(text, (Holding(text, text), Holding("u", text))),)
    return render_html(Matrix(NOW, is_refreshed=True, columns=(column,), shared=shared))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_text_wherever_it_appears(text: str) -> None:
    harmless, hostile = Parsed(named("harmless")), Parsed(named(text))
    assert hostile.elements == harmless.elements
    assert sum(text in each for each in hostile.texts) == sum("harmless" in each for each in harmless.texts)


def test_the_page_names_nothing_to_load() -> None:
    page = render_html(EVERY_STATE)
    assert (
        re.findall(r"https?:|//\w|\bsrc(set)?=|url\(|@import|fetch\(|import\(|XMLHttp|sendBeacon", page) == []
    )
    assert set(Parsed(page).values("href")) == {"data:,", "#integrations", "#words"}


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
            "1 of 2 integrations need attention: 1 drifted.",
        ),
        (
            [Column("dev", {"a": Cell((State.MISSING,)), "b": Cell((State.UNFINISHED,))})],
            "2 of 2 integrations need attention: 1 unfinished, 1 missing.",
        ),
        (
            [Column("dev", {}, is_known=False, problems=("no",))],
            "Nothing needs attention in what was read. 1 environment could not be read in full.",
        ),
    ],
)
def test_the_summary_says_what_needs_attention(columns: list[Column], summary: str) -> None:
    assert f" {summary} Generated 2026-03-14 09:26 UTC." in words_of(page_of(*columns))


@pytest.mark.parametrize(
    ("is_refreshed", "words"),
    [(True, "Compared with RootFi at that time"), (False, "later changes at RootFi do not show")],
)
def test_the_page_says_whether_rootfi_was_asked(is_refreshed: bool, words: str) -> None:
    assert words in words_of(page_of(is_refreshed=is_refreshed))


def test_a_type_common_to_all_stacks_appears_once_by_the_name() -> None:
    def cells(integration_type: str) -> dict[str, Cell]:
        return {"a": Cell((State.ENABLED,), integration_type)}

    same = words_of(page_of(Column("dev", cells("XERO")), Column("prod", cells("XERO"))))
    other = words_of(page_of(Column("dev", cells("XERO")), Column("prod", cells("SAGE"))))
    assert (same.count("XERO"), other.count("type XERO"), other.count("type SAGE")) == (1, 1, 1)


def test_a_page_without_integrations_says_so_and_has_no_table() -> None:
    page = Parsed(page_of(Column("dev", {}, notes=("never deployed",))))
    assert "No integrations were found in these environments." in page.texts
    assert [tag for tag, _ in page.elements if tag in {"table", "form"}] == []


def test_overlap_of_environments_is_named_and_in_the_summary() -> None:
    shared = (Shared(1234, (Holding("dev", "xero"), Holding("u", "xero"))),)
    words = words_of(render_html(Matrix(NOW, is_refreshed=True, columns=(), shared=shared)))
    assert "Problem: dev and u manage the same integration, 1234 (xero): " in words
    assert "; rootfi-pulumi doctor says what to do." in words
    assert "Nothing needs attention" not in words
    assert "Some environments share an integration or an API key." in words
