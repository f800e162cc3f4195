"""The report's page in Chromium, opened from a file."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from rootfi_pulumi.cli.report.html import render_html
from rootfi_pulumi.cli.report.matrix import Matrix
from tests.support.distribution.installation import build_wheel
from tests.support.pages.browser import DESK, PHONE
from tests.support.pages.full_matrix import EVERY_STATE
from tests.support.pages.large_matrix import TWELVE_STACKS
from tests.support.pages.report import THREE_STACKS, Open, names, opener, press, press_until_in_view

pytestmark = pytest.mark.browser

ALL = ["freshbooks-pilot", "netsuite", "quickbooks", "sage-accounting", "xero", "zoho-books"]
TABLET = ViewportSize(width=768, height=1024)
PAPER = {"width": 1000, "height": 700}
# So low that a wide table has more rows to scroll than the keys below go: then the page would scroll.
LOW = {"width": 900, "height": 600}
# The controls that a finger does not hit, with their size.
SMALL = """() => [...document.querySelectorAll("button, summary, a, fieldset label, [type=search]")]
    .map((each) => [each.outerHTML, each.getBoundingClientRect()])
    .filter(([, {width, height}]) => width && Math.min(width, height) < 44)
    .map(([html, {width, height}]) => `${width} x ${height}: ${html}`)"""
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
    return opener(chromium, tmp_path)


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


def test_focus_is_visible_on_every_control(opened: Open) -> None:
    outline = """() => {
        const focused = document.activeElement;
        const style = getComputedStyle(focused.closest("label") || focused);
        return `${style.outlineStyle} ${style.outlineWidth}`;
    }"""
    with opened(WIDE, viewport=LOW) as visited:
        page = visited.page
        stops: list[str] = []
        while not stops or "glance" not in stops[-1]:
            press(page, "Tab")
            assert page.evaluate(outline) == "solid 3px"
            stops.append(
                page.evaluate("`${document.activeElement.tagName} ${document.activeElement.className}`")
            )
        kinds = {"A skip", "A jump", "BUTTON copy", "INPUT ", "A ", "DIV matrix", "BUTTON glance"}
        assert kinds <= set(stops)


def test_a_wide_table_scrolls_by_keyboard_and_keeps_its_headings(opened: Open) -> None:
    with opened(TWELVE_STACKS, viewport=LOW) as visited:
        page = visited.page
        page.get_by_role("region", name="Integrations by environment").focus()
        last = page.get_by_role("row", name="zoho-books").get_by_role("cell").nth(11)
        expect(last).not_to_be_in_viewport()
        press_until_in_view(page, last, "ArrowRight", "ArrowDown")
        expect(page.get_by_role("rowheader", name="zoho-books")).to_be_in_viewport()
        expect(page.get_by_role("columnheader", name="Integration")).to_be_in_viewport()


def test_a_table_that_fits_is_no_tab_stop_and_has_sticky_headings(opened: Open) -> None:
    with opened() as visited:
        page = visited.page
        expect(page.locator(".matrix")).to_have_attribute("tabindex", "-1")
        page.get_by_role("rowheader", name="zoho-books").evaluate("row => row.scrollIntoView()")
        expect(page.get_by_role("columnheader", name="production")).to_be_in_viewport()


def test_a_fade_shows_on_which_side_there_is_more(opened: Open) -> None:
    fades = """() => [[".more-left tr > :first-child", ".extent.more-right"]].flat()
        .map((each) => document.querySelector(each))
        .map((each) => Boolean(each) && getComputedStyle(each, "::after").content === '""')"""
    with opened(TWELVE_STACKS, viewport=TABLET) as visited:
        page = visited.page
        for left, seen in ((0, [False, True]), (200, [True, True]), (9999, [True, False])):
            page.locator(".matrix").evaluate("(region, left) => region.scrollTo(left, 0)", left)
            page.wait_for_function(
                f"() => JSON.stringify(({fades})()) === '{str(seen).lower()}'.replaceAll(' ', '')"
            )
        page.set_viewport_size({"width": 1440, "height": 900})
        page.wait_for_function(f"() => !({fades})().some(Boolean)")


def test_twelve_environments_fit_a_desk_with_symbols_and_ids(opened: Open) -> None:
    with opened(TWELVE_STACKS, viewport={"width": 1440, "height": 900}) as visited:
        page = visited.page
        expect(page.locator(".matrix")).to_have_class("matrix fits")
        cells = page.get_by_role("row", name="quickbooks QUICKBOOKS", exact=False).first.get_by_role("cell")
        assert [text.split() for text in cells.all_inner_texts()][:4] == [
            *(["●", "enabled", "1262"], ["≠", "drifted", "1388"], ["✕", "missing"], ["●", "enabled", "1298"])
        ]
        # The word is there for screen readers only.
        assert page.locator(".word").first.evaluate("word => word.offsetWidth") == 1


def test_a_quiet_cell_is_one_line_on_a_phone_and_an_urgent_one_shows_all(opened: Open) -> None:
    with opened(viewport=PHONE) as visited:
        page = visited.page
        heights = page.locator("td.quiet").evaluate_all("cells => cells.map((cell) => cell.offsetHeight)")
        assert len(heights) == 8
        assert max(heights) < 40
        assert page.locator("td.absent:visible").count() == 0
        urgent = page.get_by_role("row", name="quickbooks").locator("td.urgent")
        assert re.split(r"\s*\n\s*", urgent.inner_text())[:4] == [
            *("production", "≠ drifted", "No longer at RootFi", "id 3202")
        ]


def test_first_window_of_a_phone_has_four_things_to_do(opened: Open) -> None:
    with opened(TWELVE_STACKS, viewport=PHONE) as visited:
        commands = visited.page.locator(".attention code")
        ends = commands.evaluate_all("codes => codes.map((code) => code.getBoundingClientRect().bottom)")
        assert sum(end <= PHONE["height"] for end in ends) >= 4


@pytest.mark.parametrize("matrix", [THREE_STACKS, TWELVE_STACKS], ids=["3", "12"])
@pytest.mark.parametrize("viewport", [PHONE, TABLET], ids=["phone", "tablet"])
def test_every_control_is_large_enough_for_a_finger(
    viewport: ViewportSize, matrix: Matrix, opened: Open
) -> None:
    with opened(matrix, viewport=viewport, has_touch=True, is_mobile=True) as visited:
        assert visited.page.evaluate(SMALL) == []
        for glance in visited.page.locator(".glance:visible").all()[:1]:
            glance.tap()
            assert visited.page.evaluate(SMALL) == []


def test_a_cell_shows_all_that_is_known(opened: Open) -> None:
    with opened() as visited:
        cell = visited.page.get_by_role("row", name="xero").get_by_role("cell").nth(2)
        assert re.split(r"\s*\n\s*", cell.inner_text()) == [
            "≠ drifted",
            "Changed at RootFi: client_id: acme-accounting-stg → acme-by-hand",
            "Changed at RootFi: client_secret",
            "id 2201",
            "client acme-accounting-stg",
            "secret between 98 and 120 days old",
        ]


def test_what_is_not_known_of_an_environment_is_under_its_name(opened: Open) -> None:
    with opened() as visited:
        environments = visited.page.locator(".environments > li")
        expect(environments.filter(has_text="prod-eu")).to_contain_text("not read")
        expect(environments.first).to_contain_text("Note: its declaration is encrypted")


def test_without_scripts_all_data_and_no_dead_control_is_shown(opened: Open) -> None:
    with opened(java_script_enabled=False) as visited:
        assert names(visited.page) == ALL
        expect(visited.page.locator("form")).to_be_hidden()
        expect(visited.page.locator(".copy:visible")).to_have_count(0)
        visited.page.get_by_role("link", name="zoho-books").first.click()
        expect(visited.page.locator("td:target")).to_be_in_viewport()


def test_without_scripts_details_open_and_close(opened: Open) -> None:
    with opened(TWELVE_STACKS, java_script_enabled=False) as visited:
        visited.page.get_by_role("button", name="drifted 1388").click()
        expect(visited.page.get_by_text("Switched off at RootFi", exact=True)).to_be_visible()
        press(visited.page, "Escape")
        expect(visited.page.get_by_text("Switched off at RootFi", exact=True)).to_be_hidden()


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
        expect(page.locator("td[data-states] .details .states:visible")).to_have_count(
            page.locator("td[data-states]").count()
        )
        expect(page.locator("button:visible")).to_have_count(0)
        assert page.evaluate(CUT_OFF) == []


def test_the_wheel_holds_what_the_page_is_made_of(tmp_path: Path) -> None:
    held = set(zipfile.ZipFile(build_wheel(tmp_path)).namelist())
    folder = Path(render_html.__code__.co_filename).parent / "page"
    assert {f"rootfi_pulumi/cli/report/page/{each.name}" for each in folder.iterdir()} <= held
