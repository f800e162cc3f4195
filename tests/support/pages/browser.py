"""Drives the machine's Chromium as a person would, with the console and axe-core watching."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY

PHONE = ViewportSize(width=390, height=844)
TABLET = ViewportSize(width=768, height=1024)
DESK = ViewportSize(width=1280, height=800)
WIDE = ViewportSize(width=1440, height=900)
# Chromium's own calls home would be refused where there is no internet.
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=PATIENCE * 1000)  # milliseconds


@dataclass
class Visit:
    """A page, with every error on its console and every address that it requested."""

    page: Page
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def note(self, message: ConsoleMessage) -> None:
        """Keep an error of the console."""
        if message.type == "error":
            self.errors.append(message.text)

    def violations(self) -> list[str]:
        """What axe-core finds on the page as it is: rule, element."""
        found = Axe().run(self.page).response["violations"]
        return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]

    def overflows(self) -> bool:
        """Whether the page is wider than the window, so that it scrolls sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, without a window."""
    path = subprocess.run(
        [sys.executable, REPOSITORY / "tools" / "chromium.py"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_QUIET)
        yield browser
        browser.close()


@contextmanager
def visit(
    browser: Browser,
    url: str,
    *,
    viewport: ViewportSize = DESK,
    scheme: Literal["light", "dark"] = "light",
    **options: Any,
) -> Iterator[Visit]:
    """Open an address in a window of its own; `options` are Playwright's for a new context."""
    wanted = {"viewport": viewport, "color_scheme": scheme, "reduced_motion": "reduce"} | options
    context = browser.new_context(**wanted)
    page = context.new_page()
    visited = Visit(page)
    page.on("console", visited.note)
    page.on("pageerror", lambda error: visited.errors.append(str(error)))
    page.on("request", lambda request: visited.asked.append(request.url))
    page.goto(url)
    yield visited
    context.close()
