"""The controls of the report's page in Chromium: search, filters, links to cells, details and copy buttons."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from rootfi_pulumi.cli.report.matrix import Matrix
from tests.support.pages.browser import PHONE, Visit
from tests.support.pages.large_matrix import TWELVE_STACKS
from tests.support.pages.report import THREE_STACKS, Open, headings, names, opener, press, shown

pytestmark = pytest.mark.browser

ALL = ["freshbooks-pilot", "netsuite", "quickbooks", "sage-accounting", "xero", "zoho-books"]
LARGE = ViewportSize(width=1440, height=900)
SIZES = [PHONE, ViewportSize(width=768, height=1024), LARGE]
# Whether the middle of the cell that a link led to is what one sees there.
UNCOVERED = """() => {
    const cell = document.querySelector("td:target");
    const {x, y, width, height} = cell.getBoundingClientRect();
    return cell.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Open:
    return opener(chromium, tmp_path)


def details(page: Page) -> list[str]:
    """The details that are open as a popover, by line."""
    return page.locator(":popover-open").all_inner_texts()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", SIZES, ids=["390", "768", "1440"])
@pytest.mark.parametrize("matrix", [THREE_STACKS, TWELVE_STACKS], ids=["3", "12"])
def test_every_control_works_and_is_accessible(
    matrix: Matrix, viewport: ViewportSize, scheme: str, opened: Open
) -> None:
    with opened(matrix, viewport=viewport, scheme=scheme) as visited:
        page = visited.page
        assert visited.violations() == []
        for summary in page.locator("summary").all():
            summary.click()
        for link in page.locator(".subject > .names li:first-child .jump, details .jump").all()[:6]:
            link.click()
            expect(page.locator("td:target")).to_be_focused()
            assert page.evaluate(UNCOVERED)
        page.locator(".copy").first.click()
        expect(page.locator(".copy").first).to_have_text("Copied")
        check_details(visited)
        for box in page.get_by_role("checkbox").all():
            box.check()
            assert names(page)
            box.uncheck()
        page.get_by_label("drifted").check()
        assert visited.violations() == []
        page.get_by_label("Find an integration").fill("nowhere")
        expect(page.locator("table")).to_be_hidden()
        page.get_by_role("button", name="Clear filters").click()
        page.get_by_role("link", name="What do these words mean?").click()
        expect(page.get_by_role("heading", name="What the words mean")).to_be_focused()
        assert not visited.overflows()


def check_details(visited: Visit) -> None:
    """Open and close the details of the first cell that has a button; a cell that shows them has none."""
    glances = visited.page.locator(".glance:visible")
    if glances.count():
        glances.first.click()
        assert len(details(visited.page)) == 1
        assert visited.violations() == []
        visited.page.get_by_role("button", name="Close").click()
        assert details(visited.page) == []


def test_a_link_clears_filters_that_hide_its_cell(opened: Open) -> None:
    with opened(TWELVE_STACKS, viewport=LARGE) as visited:
        page = visited.page
        page.get_by_label("undeclared").check()
        page.get_by_label("Find an integration").fill("xero")
        page.get_by_role("link", name="quickbooks", exact=True).first.press("Enter")
        cell = page.locator("td:target")
        expect(cell).to_have_text("≠ drifted 1388", use_inner_text=True)
        expect(cell).to_be_in_viewport()
        expect(cell).to_be_focused()
        assert cell.evaluate("cell => getComputedStyle(cell).outlineWidth") == "3px"
        expect(page.get_by_role("button", name="Clear filters")).to_be_hidden()
        press(page, "Tab", "Enter")
        assert "Switched off at RootFi: is_disabled: false → true" in details(page)[0]


def test_a_link_scrolls_a_wide_table_sideways_to_its_cell(opened: Open) -> None:
    with opened(TWELVE_STACKS, viewport=ViewportSize(width=720, height=600)) as visited:
        page = visited.page
        page.locator(".matrix").evaluate("region => region.scrollTo(9999, 0)")
        page.get_by_role("link", name="odoo-accounting").first.click()
        expect(page.locator("td:target")).to_be_focused()
        assert page.evaluate(UNCOVERED)


def test_arrow_keys_move_between_cells_and_take_open_details_along(opened: Open) -> None:
    with opened(TWELVE_STACKS, viewport=LARGE) as visited:
        page = visited.page
        assert page.locator(".glance[tabindex='0']").count() == 1
        page.get_by_role("button", name="enabled 1254").focus()
        press(page, "ArrowRight")
        expect(page.get_by_role("button", name="enabled 1380")).to_be_focused()
        assert details(page) == []
        press(page, "Enter", "ArrowDown")
        assert [text.splitlines()[0] for text in details(page)] == ["mekari-jurnal in prod-us"]
        # `partner-portal` is not in prod-us, so its cell is passed over.
        press(page, *["ArrowDown"] * 5, "ArrowLeft", "ArrowUp")
        expect(page.get_by_role("button", name="unfinished")).to_be_focused()
        press(page, "Escape")
        assert details(page) == []
        press(page, "ArrowLeft", "ArrowUp")
        expect(page.get_by_role("button", name="enabled 1258")).to_be_focused()
        assert page.locator(".glance[tabindex='0']").count() == 1


def test_tab_reaches_a_cell_that_the_filters_show(opened: Open) -> None:
    with opened(TWELVE_STACKS, viewport=LARGE) as visited:
        page = visited.page
        page.get_by_label("undeclared").check()
        expect(page.locator(".glance[tabindex='0']:visible")).to_have_text("? undeclared 1306")


def test_details_close_with_escape_a_click_elsewhere_or_the_button(opened: Open) -> None:
    with opened(TWELVE_STACKS, viewport=LARGE) as visited:
        page = visited.page
        glance = page.get_by_role("button", name="drifted 1388")
        elsewhere = page.get_by_role("heading", name="What the words mean")
        for close in (elsewhere, page.get_by_role("button", name="Close"), glance):
            glance.click()
            assert len(details(page)) == 1
            close.click()
            assert details(page) == []
        glance.click()
        press(page, "Escape")
        assert details(page) == []


@pytest.mark.parametrize("has_clipboard", [True, False])
def test_a_command_is_copied_with_and_without_the_clipboard(has_clipboard: bool, opened: Open) -> None:
    with opened(TWELVE_STACKS, viewport=LARGE) as visited:
        page = visited.page
        if not has_clipboard:
            page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        button = page.get_by_role("button", name="Copy").nth(1)
        button.click()
        expect(page.locator("#said")).to_have_text("Copied")
        expect(page.get_by_role("button", name="Copied")).to_have_count(1)
        page.get_by_label("Find an integration").focus()
        press(page, "Control+V")
        expect(page.get_by_label("Find an integration")).to_have_value("pulumi up --refresh --stack prod-us")
        expect(page.get_by_role("button", name="Copied")).to_have_count(0)


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
        expected = f"{len(found)} of 6 integrations" if found else f"No integration matches “{typed}”."
        expect(shown(visited.page)).to_contain_text(expected)


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
        expect(shown(page)).to_have_text("No integration matches “book” in state unfinished.")


def test_filters_hide_environments_without_a_hit(opened: Open) -> None:
    with opened() as visited:
        page = visited.page
        page.get_by_label("drifted").check()
        assert headings(page) == ["production", "staging"]
        expect(shown(page)).to_have_text("3 of 6 integrations, 2 of 4 environments")
        # In what is left, cells that do not match step back but stay.
        cells = page.get_by_role("row", name="xero").locator("td:visible")
        expect(cells).to_have_class(["quiet aside", "urgent drifted"])
        page.get_by_label("drifted").uncheck()
        page.get_by_label("Find an integration").fill("3202")
        assert (names(page), headings(page)) == (["quickbooks"], ["production"])


def test_a_search_by_name_keeps_the_environments_that_have_it(opened: Open) -> None:
    with opened() as visited:
        visited.page.get_by_label("Find an integration").fill("freshbooks")
        assert headings(visited.page) == ["dev"]


def test_filters_without_a_hit_say_so_and_can_be_cleared(opened: Open) -> None:
    with opened() as visited:
        page = visited.page
        button = page.get_by_role("button", name="Clear filters")
        expect(button).to_be_hidden()
        page.get_by_label("missing").check()
        page.get_by_label("unfinished").check()
        page.get_by_label("Find an integration").fill("xero")
        expect(shown(page)).to_have_text("No integration matches “xero” in state unfinished or missing.")
        expect(page.locator("table")).to_be_hidden()
        button.click()
        expect(shown(page)).to_have_text("6 integrations, 4 environments")
        assert (names(page), page.locator(".aside").count(), len(headings(page))) == (ALL, 0, 4)
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
        expect(shown(page)).to_have_text("6 integrations, 4 environments")
        press(page, *["Tab"] * 7, "Enter")
        expect(page.get_by_role("heading", name="What the words mean")).to_be_focused()


def test_escape_empties_the_search(opened: Open) -> None:
    with opened() as visited:
        search = visited.page.get_by_label("Find an integration")
        search.fill("xero")
        search.press("Escape")
        assert names(visited.page) == ALL
