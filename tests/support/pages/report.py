"""The report's page in Chromium, opened from a file."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from rootfi_pulumi.cli.report.html import render_html
from rootfi_pulumi.cli.report.matrix import Matrix
from tests.support.pages.browser import Visit, visit
from tests.support.pages.full_matrix import EVERY_STATE
from tests.support.patience import PATIENCE

Open = Callable[..., AbstractContextManager[Visit]]
THREE_STACKS = replace(EVERY_STATE, columns=EVERY_STATE.columns[:3])


def opener(chromium: Browser, folder: Path) -> Open:
    """Return a function that opens the page of a matrix, and afterwards checks what holds for each visit."""
    path = folder / "report.html"

    @contextmanager
    def open_(matrix: Matrix = EVERY_STATE, **options: Any) -> Iterator[Visit]:
        path.write_text(render_html(matrix), encoding="utf-8")
        with visit(chromium, path.as_uri(), **options) as visited:
            yield visited
            assert visited.errors == []
            assert [url.partition("#")[0] for url in visited.asked] == [path.as_uri()]

    return open_


def names(page: Page) -> list[str]:
    """The integrations that are shown in the table."""
    return page.locator("tbody tr:visible .name").all_inner_texts()


def headings(page: Page) -> list[str]:
    """The environments that are shown in the table."""
    return page.locator("thead th:visible").all_inner_texts()[1:]


def shown(page: Page) -> Locator:
    """The line that says how much the filters show."""
    return page.locator("#shown")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def press_until_in_view(page: Page, wanted: Locator, *keys: str) -> None:
    """Press the keys, as often as it takes: on a busy machine Chromium scrolls less for each."""
    end = monotonic() + PATIENCE
    while monotonic() < end:
        press(page, *keys)
        with suppress(AssertionError):
            expect(wanted).to_be_in_viewport(timeout=100)
            return
    expect(wanted).to_be_in_viewport()
