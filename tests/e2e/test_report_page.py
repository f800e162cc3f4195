"""The report's page in Chromium, opened from a file."""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rootfi_pulumi.cli.report.html import render_html
from rootfi_pulumi.cli.report.matrix import Matrix
from tests.support.distribution.installation import build_wheel
from tests.support.pages.browser import DESK, PHONE, Visit, visit
from tests.support.pages.full_matrix import EVERY_STATE

pytestmark = pytest.mark.browser

Open = Callable[..., AbstractContextManager[Visit]]
ALL = ["freshbooks-pilot", "netsuite", "quickbooks", "sage-accounting", "xero", "zoho-books"]
PAPER = {"width": 1000, "height": 700}
# So low that a wide table has more rows to scroll than the keys below go: then the page would scroll.
LOW = {"width": 1280, "height": 600}
# Elements that reach past the window, although the page does not scroll there.
CUT_OFF = """() => [...document.querySelectorAll("main *, header *")]
    .filter((each) => each.getBoundingClientRect().right > window.innerWidth).map((each) => each.outerHTML)"""
WIDE = replace(
    EVERY_STATE,
    columns=tuple(
        replace(each, stack=f"{each.stack}-{number}") for each in EVERY_STATE.columns for number in range(4)
    ),
)
LONG = replace(
    EVERY_STATE,
    columns=tuple(
        replace(
            each,
            stack="s" * 80,
            cells={
                name[0] * 80: replace(cell, integration_type="T" * 80) for name, cell in each.cells.items()
            },
            notes=("n" * 400,),
            problems=("p" * 400,),
        )
        for each in EVERY_STATE.columns
    ),
)


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Open:
    """Opens the page of a matrix, and afterwards holds it to what each visit must keep."""
    path = tmp_path / "report.html"

    @contextmanager
    def open_(matrix: Matrix = EVERY_STATE, **options: Any) -> Iterator[Visit]:
        path.write_text(render_html(matrix), encoding="utf-8")
        with visit(chromium, path.as_uri(), **options) as visited:
            yield visited
            assert visited.errors == []
            assert [url.partition("#")[0] for url in visited.asked] == [path.as_uri()]

    return open_


def names(page: Page) -> list[str]:
    """The integrations that are to be seen."""
    return page.locator("tbody tr:visible .name").all_inner_texts()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_page_is_accessible_before_and_after_it_is_narrowed(
    viewport: dict[str, int], scheme: str, opened: Open
) -> None:
    with opened(viewport=viewport, scheme=scheme) as visited:
        assert visited.violations() == []
        visited.page.get_by_label("drifted").check()
        assert visited.violations() == []


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("matrix", [EVERY_STATE, WIDE, LONG], ids=["usual", "wide", "long"])
def test_the_page_is_no_wider_than_the_window(matrix: Matrix, viewport: dict[str, int], opened: Open) -> None:
    with opened(matrix, viewport=viewport) as visited:
        assert not visited.overflows()


def test_a_table_that_is_too_wide_is_accessible(opened: Open) -> None:
    with opened(WIDE) as visited:
        assert visited.violations() == []


@pytest.mark.parametrize("matrix", [EVERY_STATE, WIDE, LONG], ids=["usual", "wide", "long"])
def test_on_a_phone_nothing_is_cut_off(matrix: Matrix, opened: Open) -> None:
    with opened(matrix, viewport=PHONE) as visited:
        assert visited.page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("XERO", ["xero"]),
        ("sandbox", ["netsuite"]),
        ("3202", ["quickbooks"]),
        ("7cB1", ["sage-accounting"]),
        (" book ", ["freshbooks-pilot", "quickbooks", "zoho-books"]),
        ("dev", ["xero"]),
        ("nowhere", []),
    ],
)
def test_search_finds_by_name_type_id_and_client(typed: str, found: list[str], opened: Open) -> None:
    with opened() as visited:
        visited.page.get_by_label("Find an integration").fill(typed)
        assert names(visited.page) == found
        shown = f"{len(found)} of 6 shown" if found else "Nothing matches"
        expect(visited.page.get_by_role("status")).to_have_text(shown)


@pytest.mark.parametrize(
    ("state", "count", "found"),
    [
        ("unfinished", 1, ["sage-accounting"]),
        ("drifted", 3, ["quickbooks", "xero", "zoho-books"]),
        ("missing", 2, ["freshbooks-pilot", "sage-accounting"]),
        ("undeclared", 1, ["zoho-books"]),
        ("disabled", 3, ["zoho-books"]),
        ("enabled", 7, ["netsuite", "quickbooks", "xero"]),
    ],
)
def test_a_states_box_shows_as_many_cells_as_it_counts(
    state: str, count: int, found: list[str], opened: Open
) -> None:
    with opened(viewport=PHONE) as visited:
        visited.page.get_by_role("checkbox", name=f"{state} {count}", exact=True).click()
        assert names(visited.page) == found
        expect(visited.page.locator("td:visible")).to_have_count(count)


def test_of_several_states_any_shows_and_the_search_narrows_them(opened: Open) -> None:
    with opened() as visited:
        page = visited.page
        page.get_by_label("unfinished").check()
        page.get_by_label("drifted").check()
        assert names(page) == ["quickbooks", "sage-accounting", "xero", "zoho-books"]
        page.get_by_label("Find an integration").fill("book")
        assert names(page) == ["quickbooks", "zoho-books"]
        page.get_by_label("drifted").uncheck()
        expect(page.get_by_role("status")).to_have_text("Nothing matches")


def test_at_a_desk_other_cells_of_a_row_step_back_but_stay(opened: Open) -> None:
    with opened() as visited:
        page = visited.page
        page.get_by_label("unfinished").check()
        cells = page.get_by_role("row", name="sage-accounting").get_by_role("cell")
        expect(cells).to_have_class(["", "aside", "aside", "aside"])
        assert all(cell.is_visible() for cell in cells.all())


def test_show_all_appears_with_a_narrowing_and_undoes_it(opened: Open) -> None:
    with opened() as visited:
        page = visited.page
        button = page.get_by_role("button", name="Show all")
        expect(button).to_be_hidden()
        page.get_by_label("missing").check()
        page.get_by_label("Find an integration").fill("sage")
        button.click()
        expect(page.get_by_role("status")).to_have_text("6 of 6 shown")
        assert (names(page), page.locator(".aside").count()) == (ALL, 0)
        expect(button).to_be_hidden()
        expect(page.get_by_label("Find an integration")).to_be_focused()


def test_the_keyboard_reaches_and_works_every_control_in_order(opened: Open) -> None:
    with opened() as visited:
        page = visited.page
        press(page, "Tab")
        expect(page.get_by_role("link", name="Skip to the integrations")).to_be_in_viewport()
        press(page, "Enter", "Tab")
        expect(page.get_by_label("Find an integration")).to_be_focused()
        page.keyboard.type("book")
        press(page, "Enter")
        assert names(page) == ["freshbooks-pilot", "quickbooks", "zoho-books"]
        press(page, "Tab", "Tab", "Space")
        expect(page.get_by_role("checkbox", name="drifted 3")).to_be_checked()
        assert names(page) == ["quickbooks", "zoho-books"]
        press(page, "Tab", "Tab", "Tab", "Tab", "Tab", "Enter")
        expect(page.get_by_role("status")).to_have_text("6 of 6 shown")
        press(page, *["Tab"] * 7, "Enter")
        expect(page.get_by_role("heading", name="What the words mean")).to_be_focused()


def test_escape_empties_the_search(opened: Open) -> None:
    with opened() as visited:
        search = visited.page.get_by_label("Find an integration")
        search.fill("xero")
        search.press("Escape")
        assert names(visited.page) == ALL


def test_focus_is_to_be_seen_on_every_control(opened: Open) -> None:
    outline = """() => {
        const focused = document.activeElement;
        const style = getComputedStyle(focused.closest("label") || focused);
        return `${style.outlineStyle} ${style.outlineWidth}`;
    }"""
    with opened(WIDE) as visited:
        # The skip link, the search, six states, the explanation and the table's region.
        for _ in range(10):
            press(visited.page, "Tab")
            assert visited.page.evaluate(outline) == "solid 3px"
        expect(visited.page.get_by_role("region", name="Integrations by environment")).to_be_focused()


def test_a_wide_table_scrolls_by_keyboard_and_keeps_its_headings(opened: Open) -> None:
    with opened(WIDE, viewport=LOW) as visited:
        page = visited.page
        region = page.get_by_role("region", name="Integrations by environment")
        region.focus()
        last = page.get_by_role("row", name="zoho-books").get_by_role("cell").nth(8)
        expect(last).not_to_be_in_viewport()
        press(page, *["ArrowRight"] * 40, *["ArrowDown"] * 6)
        expect(last).to_be_in_viewport()
        expect(page.get_by_role("rowheader", name="xero")).to_be_in_viewport()
        expect(page.get_by_role("columnheader", name="Integration")).to_be_in_viewport()


def test_a_table_that_fits_is_no_tab_stop_and_has_sticky_headings(opened: Open) -> None:
    with opened() as visited:
        page = visited.page
        expect(page.locator(".matrix")).to_have_attribute("tabindex", "-1")
        page.get_by_role("rowheader", name="zoho-books").evaluate("row => row.scrollIntoView()")
        expect(page.get_by_role("columnheader", name="production")).to_be_in_viewport()


def test_a_cell_shows_all_that_is_known(opened: Open) -> None:
    with opened() as visited:
        cell = visited.page.get_by_role("row", name="xero").get_by_role("cell").nth(1)
        assert re.split(r"\s*\n\s*", cell.inner_text()) == [
            "≠ drifted",
            "Changed at RootFi: client_id, client_secret",
            "id 2201",
            "client …-stg",
            "secret between 98 and 120 days old",
        ]


def test_what_is_not_known_of_an_environment_is_under_its_name(opened: Open) -> None:
    with opened() as visited:
        environment = visited.page.locator(".environments > li").filter(has_text="prod-eu")
        expect(environment).to_contain_text(
            "Problem: state: pulumi stack export: error: passphrase must be set"
        )
        expect(visited.page.locator(".environments > li").first).to_contain_text(
            "Note: its declaration is encrypted"
        )


def test_without_scripts_all_data_and_no_dead_control_is_shown(opened: Open) -> None:
    with opened(java_script_enabled=False) as visited:
        assert names(visited.page) == ALL
        expect(visited.page.locator("form")).to_be_hidden()


@pytest.mark.parametrize(("matrix", "as_table"), [(EVERY_STATE, True), (WIDE, False)], ids=["usual", "wide"])
def test_on_paper_all_is_there_in_light_and_no_control(matrix: Matrix, as_table: bool, opened: Open) -> None:
    with opened(matrix, viewport=PAPER, scheme="dark") as visited:
        page = visited.page
        page.emulate_media(media="print")
        expect(page.locator("form")).to_be_hidden()
        # Each cell names its environment unless a heading does.
        assert page.locator("thead").is_visible() is as_table
        assert page.locator("td .where").first.is_visible() is not as_table
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate(CUT_OFF) == []


def test_the_wheel_holds_what_the_page_is_made_of(tmp_path: Path) -> None:
    held = set(zipfile.ZipFile(build_wheel(tmp_path)).namelist())
    folder = Path(render_html.__code__.co_filename).parent / "page"
    assert {f"rootfi_pulumi/cli/report/page/{each.name}" for each in folder.iterdir()} <= held
