"""The emulator's page in a browser, and the programs that speak to the emulator meanwhile."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from playwright.sync_api import Browser, Locator, Page, expect

from rootfi_pulumi.emulator import Emulator
from tests.support.pages.browser import Visit, visit
from tests.support.patience import PATIENCE

# Chromium's own line for an answer of 400 or none at all, which some tests bring about.
_EXPECTED = "Failed to load resource"


@dataclass
class Opened:
    """The page, and the emulator behind it."""

    visit: Visit
    emulator: Emulator

    @property
    def page(self) -> Page:
        return self.visit.page

    @property
    def rows(self) -> Locator:
        """The requests in the log that are not filtered out, newest first."""
        return self.page.locator("#log > li:visible")

    @property
    def said(self) -> Locator:
        """The line that says what a control did."""
        return self.page.locator("#said")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def faults(self) -> Any:
        return requests.get(f"{self.emulator.url}/_emulator/faults", timeout=PATIENCE).json()


@contextmanager
def opened(browser: Browser, emulator: Emulator, **options: Any) -> Iterator[Opened]:
    """Open the page and wait until it shows what there is; at the end its console must show no error."""
    with visit(browser, f"{emulator.url}/", **options) as visited:
        expect(visited.page.locator("#connection")).to_have_text("Live")
        yield Opened(visited, emulator)
        assert [error for error in visited.errors if not error.startswith(_EXPECTED)] == []


def call(emulator: Emulator, key: str, method: str, path: str, body: Any = None) -> int | None:
    """Send a request as some other client would; returns the status, None without an answer."""
    try:
        answer = requests.request(
            method, emulator.url + path, json=body, headers={"api_key": key}, timeout=PATIENCE
        )
    except requests.RequestException:
        return None
    return answer.status_code


def call_and_be_held(emulator: Emulator, key: str) -> threading.Thread:
    """Send a request that a fault holds, from a thread of its own."""
    thread = threading.Thread(target=call, args=(emulator, key, "GET", "/integrations/1234"))
    thread.start()
    emulator.wait_until_held()
    return thread
