"""The links to cells on the report's page in Chromium, after filters that hid the cell they lead to."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rootfi_pulumi.cli.report.matrix import Matrix
from tests.support.pages.browser import PHONE
from tests.support.pages.large_matrix import TWELVE_STACKS
from tests.support.pages.report import Open, opener

pytestmark = pytest.mark.browser

EIGHT_STACKS = replace(TWELVE_STACKS, columns=TWELVE_STACKS.columns[:8])
WIDTHS = [PHONE["width"], 768, 800, 1024, 1280]
# The corners of the cell that a link led to which are cut off, covered or outside the window.
UNSEEN = """() => {
    const cell = document.querySelector("td:target");
    const {left, right, top, bottom} = cell.getBoundingClientRect();
    return [left + 4, right - 4].flatMap((x) => [top + 4, bottom - 4].map((y) => [x, y]))
        .filter(([x, y]) => !cell.contains(document.elementFromPoint(x, y)));
}"""
# The browser scrolls, then adapts the table to its size, and only then draws.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Open:
    return opener(chromium, tmp_path)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("matrix", "state", "search"),
    [(TWELVE_STACKS, "unfinished", ""), (EIGHT_STACKS, "unfinished", "zzzz")],
    ids=["12-few-hits", "8-no-hit"],
)
def test_a_link_shows_the_whole_cell_that_a_filter_hid(
    matrix: Matrix, state: str, search: str, width: int, opened: Open
) -> None:
    with opened(matrix, viewport={"width": width, "height": 900}) as visited:
        page = visited.page
        for link in page.locator(".attention .jump:visible").all():
            page.get_by_label(state).check()
            page.get_by_label("Find an integration").fill(search)
            page.evaluate(DRAWN)
            link.click()
            page.evaluate(DRAWN)
            expect(page.locator("td:target")).to_be_focused()
            assert page.evaluate(UNSEEN) == [], link.get_attribute("href")
            page.locator(".matrix").evaluate("region => region.scrollTo(9999, 9999)")
