"""The emulator's page as somebody who watches sees it: the log, what is stored, and how it looks."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, ViewportSize, expect

from rootfi_pulumi.emulator import Emulator, Fault, RateLimit
from tests.support.pages.browser import DESK, PHONE
from tests.support.pages.emulator import Opened, call, call_and_be_held, opened
from tests.support.patience import PATIENCE
from tests.support.ports import reserved_port

pytestmark = pytest.mark.browser

SECRET = "secret-2710"
XERO: dict[str, Any] = {"integration_type": "XERO", "client_id": "an-app", "client_secret": SECRET}


@pytest.fixture
def open_page(chromium: Browser, emulator: Emulator) -> Iterator[Opened]:
    with opened(chromium, emulator) as page:
        yield page


@pytest.fixture
def busy(emulator: Emulator, api_key: str) -> Emulator:
    """An emulator with something of everything to show."""
    other = emulator.add_organisation()
    emulator.add_integration(other, **XERO, is_disabled=True)
    for fault in (None, Fault(status=503), Fault(status=429), Fault(hang_up="after")):
        if fault:
            emulator.inject(fault)
        call(emulator, api_key, "POST", "/integrations", XERO)
    emulator.inject(
        Fault(integration_id=9, status=500, message=SECRET, headers={"X-Key": SECRET}, times=None)
    )
    return emulator


def test_a_request_of_another_client_shows_as_it_arrives(open_page: Opened, api_key: str) -> None:
    expect(open_page.page.get_by_text("No request yet.")).to_be_visible()
    call(open_page.emulator, api_key, "GET", "/integrations/77")
    expect(open_page.rows).to_have_count(1)
    for words in ("GET", "/integrations/77", "404", "ms"):
        expect(open_page.rows).to_contain_text(words)


def test_the_newest_request_is_on_top(open_page: Opened, api_key: str) -> None:
    for number in (1, 2, 3):
        call(open_page.emulator, api_key, "GET", f"/integrations/{number}")
    expect(open_page.rows.locator(".path")).to_have_text([f"/integrations/{number}" for number in (3, 2, 1)])


def test_a_held_request_shows_until_it_is_let_go(open_page: Opened, api_key: str) -> None:
    open_page.emulator.inject(Fault(hold=True))
    thread = call_and_be_held(open_page.emulator, api_key)
    expect(open_page.rows.locator(".outcome")).to_have_text("held")
    open_page.emulator.release()
    expect(open_page.rows.locator(".outcome")).to_have_text("404")
    thread.join()


def test_an_opened_request_stays_open_when_it_goes_on(open_page: Opened, api_key: str) -> None:
    open_page.emulator.inject(Fault(hold=True))
    thread = call_and_be_held(open_page.emulator, api_key)
    open_page.rows.locator("summary").click()
    open_page.emulator.release()
    expect(open_page.rows.locator(".outcome")).to_have_text("404")
    expect(open_page.rows.locator(".detail")).to_be_visible()
    thread.join()


def test_a_request_without_an_answer_says_so_and_why(open_page: Opened, api_key: str) -> None:
    open_page.emulator.inject(Fault(hang_up="after"))
    call(open_page.emulator, api_key, "GET", "/integrations/1")
    expect(open_page.rows.locator(".outcome")).to_have_text("no response")
    expect(open_page.rows.locator(".tag")).to_have_text("hang up after processing")


def test_a_request_that_the_rate_limit_refused_says_so(open_page: Opened, api_key: str) -> None:
    open_page.emulator.rate_limit = RateLimit(requests=1, seconds=3600)
    for _ in range(2):
        call(open_page.emulator, api_key, "GET", "/integrations/1")
    expect(open_page.rows.locator(".tag")).to_have_text("rate limit reached")


def test_integrations_show_with_their_members_and_a_masked_secret(open_page: Opened, api_key: str) -> None:
    open_page.emulator.add_integration(api_key, **XERO, is_disabled=True)
    made = open_page.emulator.integration(1234)
    row = open_page.page.get_by_role("table", name="1 integration").get_by_role("row").nth(1)
    expect(row.get_by_role("cell")).to_have_count(8)
    for words in ("1234", "XERO", "an-app", "***", "disabled", "123"):
        expect(row).to_contain_text(words)
    times = [each.get_attribute("datetime") for each in row.locator("time").all()]
    assert times == [made.rootfi_created_at, made.rootfi_updated_at]


def test_organisations_show_with_the_number_of_their_integrations(open_page: Opened, api_key: str) -> None:
    open_page.emulator.add_integration(api_key, **XERO)
    row = open_page.page.get_by_role("table", name="1 organisation").get_by_role("row").nth(1)
    expect(row.get_by_role("cell")).to_have_text(["123", "org 123", "***", "1"])


def test_text_from_outside_is_shown_as_text(open_page: Opened, api_key: str) -> None:
    markup = "<img src=x onerror=alert(1)>"
    open_page.emulator.add_integration(api_key, integration_type=markup, client_id=markup, client_secret="x")
    call(open_page.emulator, api_key, "GET", f"/{markup}", {markup: markup})
    expect(open_page.rows.locator(".path")).to_have_text(f"/{markup}")
    open_page.rows.locator("summary").click()
    expect(open_page.rows.locator(".detail")).to_contain_text(markup)
    expect(open_page.page.locator("#integrations code")).to_have_text(markup)
    assert open_page.page.locator("img").count() == 0


def test_a_long_log_shows_its_newest_five_hundred(open_page: Opened, api_key: str) -> None:
    with requests.Session() as session:
        for _ in range(620):
            session.get(f"{open_page.emulator.url}/integrations/1", timeout=PATIENCE)
    expect(open_page.page.locator("#log-count")).to_have_text("620 requests, 500 shown")
    call(open_page.emulator, api_key, "GET", "/integrations/last")
    expect(open_page.rows.first).to_contain_text("/integrations/last")
    expect(open_page.page.locator("#log > li")).to_have_count(500)


def test_a_lost_emulator_shows_and_so_does_the_one_that_comes_after_it(chromium: Browser) -> None:
    with reserved_port() as port, ExitStack() as stack:
        first, second = Emulator(port=port), Emulator(port=port)
        stack.enter_context(first)
        page = stack.enter_context(opened(chromium, first))
        call(first, first.add_organisation(), "GET", "/integrations/1")
        expect(page.rows).to_have_count(1)
        first.__exit__(None, None, None)
        expect(page.page.locator("#connection")).to_contain_text("Disconnected since")
        expect(page.rows).to_have_count(1)
        assert page.visit.violations() == []
        with second:
            expect(page.page.locator("#connection")).to_have_text("Live")
            expect(page.rows).to_have_count(0)
            expect(page.said).to_have_text("Reconnected to the emulator.")


def test_a_reset_by_another_client_shows(open_page: Opened, busy: Emulator) -> None:
    expect(open_page.rows).to_have_count(4)
    busy.reset()
    expect(open_page.rows).to_have_count(0)
    expect(open_page.page.get_by_text("None: every request gets status 401.")).to_be_visible()


def test_no_key_and_no_secret_reaches_the_browser(
    chromium: Browser, busy: Emulator, api_key: str, tmp_path: Path
) -> None:
    har = tmp_path / "all.har"
    with opened(chromium, busy, record_har_path=har, record_har_content="embed") as page:
        for summary in page.rows.locator("summary").all():
            summary.click()
        expect(page.page.locator("#log .detail")).to_have_count(4)
        shown = page.page.content() + page.page.inner_text("body")
    entries = json.loads(har.read_text())["log"]["entries"]
    answers = [json.dumps(entry["response"]) for entry in entries]
    assert any("an-app" in answer for answer in answers)
    assert [text for text in (shown, *answers) if SECRET in text or api_key in text] == []


def test_the_page_requests_only_the_emulator(open_page: Opened) -> None:
    assert {url.rpartition(":")[0] for url in open_page.visit.asked} == {"http://127.0.0.1"}
    assert all(url.startswith(open_page.emulator.url) for url in open_page.visit.asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_everything_is_accessible_and_fits(
    chromium: Browser, busy: Emulator, viewport: ViewportSize, scheme: Any
) -> None:
    with opened(chromium, busy, viewport=viewport, scheme=scheme) as page:
        page.rows.locator("summary").first.click()
        page.page.get_by_text("Any other fault").click()
        page.page.get_by_label("Limit each organisation").check()
        page.press("Next request status 503")
        expect(page.said).to_have_text("Waiting: Next request: status 503.")
        assert (page.visit.violations(), page.visit.overflows()) == ([], False)
        page.press("Reset the emulator…")
        assert (page.visit.violations(), page.visit.overflows()) == ([], False)


def test_the_page_has_its_landmarks(open_page: Opened) -> None:
    regions = ["Requests", "Integrations", "Faults", "Settings", "Organisations"]
    for role in ("banner", "main", "navigation"):
        expect(open_page.page.get_by_role(role)).to_have_count(1)
    for name in regions:
        expect(open_page.page.get_by_role("region", name=name, exact=True)).to_have_count(1)


@pytest.mark.parametrize("name", ["Requests", "Integrations", "Faults", "Settings", "Organisations"])
def test_a_link_leads_to_its_part(chromium: Browser, busy: Emulator, name: str) -> None:
    with opened(chromium, busy, viewport=PHONE) as page:
        page.page.get_by_role("link", name=name).click()
        expect(page.page.get_by_role("heading", name=name, exact=True)).to_be_in_viewport()


def test_dark_and_light_differ(chromium: Browser, emulator: Emulator) -> None:
    grounds: set[Any] = set()
    for scheme in ("light", "dark"):
        with opened(chromium, emulator, scheme=scheme) as page:
            grounds.add(page.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == 2


def test_nothing_moves_for_those_who_want_it_so(open_page: Opened) -> None:
    durations = "[...document.querySelectorAll('*')].map(each => getComputedStyle(each).transitionDuration)"
    assert set(open_page.page.evaluate(durations)) == {"0s"}
