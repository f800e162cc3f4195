"""How the emulator's page looks: at every width and in both schemes, under a fingertip, and its status line."""

from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.pages.browser import PHONE, TABLET, WIDE
from tests.support.pages.emulator import Opened, call, opened

pytestmark = pytest.mark.browser

XERO: dict[str, Any] = {"integration_type": "XERO", "client_id": "a" * 120, "client_secret": "a-secret"}
FADED = 9000  # milliseconds after which a message is gone
# Controls with less than 44 px of their own or of a label around them.
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter((each) => each.checkVisibility())
    .map((each) => each.closest("label.check") ?? each)
    .filter((each) => {
        const { width, height } = each.getBoundingClientRect();
        return width < 43.9 || height < 43.9;
    })
    .map((each) => each.outerHTML)"""


@pytest.fixture
def full(emulator: Emulator, api_key: str) -> Emulator:
    """An emulator with 200 requests, of two organisations."""
    other = emulator.add_organisation(name="a-long-name-of-an-organisation")
    for fault in (Fault(hang_up="after"), Fault(status=503), Fault(raw=b"nonsense\r\n")):
        emulator.inject(fault)
        call(emulator, api_key, "POST", "/integrations", XERO)
    for number in range(197):
        key = other if number % 2 else api_key
        call(emulator, key, "GET" if number % 5 else "POST", f"/integrations/{number or ''}", XERO)
    return emulator


@pytest.mark.parametrize("content", ["empty", "full"])
@pytest.mark.parametrize("viewport", [PHONE, TABLET, WIDE], ids=["390", "768", "1440"])
def test_page_fits_and_is_accessible_at_every_width(
    request: pytest.FixtureRequest,
    chromium: Browser,
    emulator: Emulator,
    viewport: ViewportSize,
    content: str,
) -> None:
    emulator.add_organisation()
    if content == "full":
        request.getfixturevalue("full")
    with opened(chromium, emulator, viewport=viewport) as page:
        for scheme in ("light", "dark"):
            page.page.emulate_media(color_scheme=scheme)
            if content == "full":
                page.rows.nth(199).locator("summary").click()
                expect(page.rows).to_have_count(200)
            assert (page.visit.violations(), page.visit.overflows()) == ([], False)


@pytest.mark.parametrize(
    "options",
    [{"viewport": PHONE}, {"viewport": TABLET, "has_touch": True, "is_mobile": True}],
    ids=["phone", "touch"],
)
def test_controls_are_large_enough_for_a_fingertip(
    chromium: Browser, emulator: Emulator, api_key: str, options: Any
) -> None:
    with opened(chromium, emulator, **options) as page:
        page.page.locator("#any-fault > summary").click()
        assert page.page.evaluate(SMALL) == []
        emulator.inject(Fault(status=503, times=2))
        call(emulator, api_key, "POST", "/integrations", XERO)
        page.rows.locator("summary").click()
        expect(page.page.get_by_role("button", name="Copy as curl")).to_be_visible()
        page.page.get_by_label("Filter").fill("nothing")
        page.page.get_by_label("Filter").fill("")
        assert page.page.evaluate(SMALL) == []


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_status_line_fades_and_leaves_nothing_behind(
    chromium: Browser, emulator: Emulator, motion: str
) -> None:
    with opened(chromium, emulator, reduced_motion=motion) as page:
        page.page.clock.install()
        page.press("Next request status 503")
        expect(page.said).to_have_text("Waiting: Next request: status 503.")
        expect(page.page.get_by_role("status").filter(has_text="Waiting")).to_have_count(1)
        page.page.clock.fast_forward(FADED)
        expect(page.said).to_have_text("")
        assert page.page.locator("#notice").evaluate("each => each.getBoundingClientRect().width") == 0


def test_failure_stays_until_it_is_dismissed(page: Opened) -> None:
    page.page.clock.install()
    page.page.get_by_text("Any other fault").click()
    page.press("Inject fault")
    expect(page.said).to_contain_text("Failed: cannot inject the fault")
    page.page.clock.fast_forward(10 * FADED)
    expect(page.said).to_contain_text("Failed: cannot inject the fault")
    assert page.visit.violations() == []
    page.press("Dismiss message")
    expect(page.said).to_have_text("")


def test_message_stays_under_the_mouse_and_leaves_with_escape(page: Opened) -> None:
    page.page.clock.install()
    page.press("Next request status 503")
    page.said.hover()
    page.page.clock.fast_forward(FADED)
    expect(page.said).to_have_text("Waiting: Next request: status 503.")
    page.page.keyboard.press("Escape")
    expect(page.said).to_have_text("")


def test_message_moves_nothing_on_the_page(page: Opened) -> None:
    button = page.page.get_by_role("button", name="Next request status 503")
    before = button.bounding_box()
    button.click()
    expect(page.said).to_have_text("Waiting: Next request: status 503.")
    assert button.bounding_box() == before
