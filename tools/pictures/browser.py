"""Takes pictures of pages in Chromium, as PNG with a palette."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tools.pictures.png import encode_png
from tools.pictures.svg import Scheme

_CHROMIUM = Path(__file__).parents[1] / "chromium.py"
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
# Pixels for each of CSS's: README shows a picture narrower than its page, and screens have finer pixels.
_SCALE = 1.5
_QUANTISE = Path(__file__).with_name("quantise.js").read_text()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium that `tools/chromium.py` finds."""
    found = subprocess.run([sys.executable, str(_CHROMIUM)], stdout=subprocess.PIPE, text=True, check=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=_OPTIONS)
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, scheme: Scheme, size: ViewportSize) -> Iterator[Page]:
    """Open an empty window in a colour scheme."""
    context = browser.new_context(
        viewport=size,
        color_scheme=scheme,
        reduced_motion="reduce",
        device_scale_factor=_SCALE,
        locale="en-GB",
        timezone_id="UTC",
    )
    yield context.new_page()
    context.close()


def photograph(page: Page, *, is_whole: bool = False) -> bytes:
    """Return what the window shows, or the whole page, as PNG."""
    png = page.screenshot(full_page=is_whole)
    with page.context.new_page() as empty:
        made = empty.evaluate(_QUANTISE, base64.b64encode(png).decode())
    return encode_png(made["width"], bytes(made["palette"]), base64.b64decode(made["pixels"]))
