"""Whether the controls of both pages are seen in every state: at rest, under the mouse, pressed, focused, disabled."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from rootfi_pulumi.cli.report.html import render_html
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.pages.browser import visit
from tests.support.pages.contrast import contrast_problems
from tests.support.pages.emulator import call, opened
from tests.support.pages.full_matrix import EVERY_STATE

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("scheme", ["light", "dark"])]

XERO = {"integration_type": "XERO", "client_id": "an-app", "client_secret": "a-secret"}
# A page in which one rule hides a button's text under the mouse, as the emulator's did.
BLANK = """<!doctype html><meta name="color-scheme" content="light dark"><title>x</title><style>
button { background: Canvas; color: CanvasText; border: 1px solid GrayText; outline-offset: 2px }
button.main { background: #123; color: #fff }
button:hover:enabled { background: #eee }
:focus-visible { outline: 2px solid CanvasText }
</style><button>Plain</button> <button class="main">Main</button>"""


def test_emulator_page_controls_are_seen_in_every_state(
    chromium: Browser, emulator: Emulator, api_key: str, scheme: Any
) -> None:
    call(emulator, api_key, "POST", "/integrations", XERO)
    for fault in (Fault(hang_up="after"), Fault(status=503, times=2)):
        emulator.inject(fault)
        call(emulator, api_key, "POST", "/integrations", XERO)
    with opened(chromium, emulator, scheme=scheme) as page:
        count, problems = contrast_problems(page.page)
    assert "\n".join(problems) == ""
    assert count > 50


def test_empty_emulator_page_controls_are_seen_in_every_state(
    chromium: Browser, emulator: Emulator, scheme: Any
) -> None:
    with opened(chromium, emulator, scheme=scheme) as page:
        count, problems = contrast_problems(page.page)
    assert "\n".join(problems) == ""
    assert count > 50


def test_report_controls_are_seen_in_every_state(chromium: Browser, tmp_path: Path, scheme: Any) -> None:
    path = tmp_path / "report.html"
    path.write_text(render_html(EVERY_STATE), encoding="utf-8")
    with visit(chromium, path.as_uri(), scheme=scheme) as visited:
        count, problems = contrast_problems(visited.page)
    assert "\n".join(problems) == ""
    assert count > 5


def test_contrast_check_finds_what_hover_hides(chromium: Browser, tmp_path: Path, scheme: Any) -> None:
    path = tmp_path / "blank.html"
    path.write_text(BLANK, encoding="utf-8")
    with visit(chromium, path.as_uri(), scheme=scheme) as visited:
        count, problems = contrast_problems(visited.page)
    hidden = ["button Main, hover", "button Main, active"]
    assert count == 2
    assert [each.partition(":")[0] for each in problems if "Main" in each] == hidden
