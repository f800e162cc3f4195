"""The request log of the emulator's page: paused, cleared and filtered."""

import pytest
from playwright.sync_api import expect

from rootfi_pulumi.emulator import Fault
from tests.support.pages.emulator import Opened, call, call_and_be_held

pytestmark = pytest.mark.browser

XERO = {"integration_type": "XERO", "client_id": "an-app", "client_secret": "a-secret"}


def test_a_paused_log_counts_arrivals_and_shows_them_when_resumed(page: Opened, api_key: str) -> None:
    page.press("Pause")
    call(page.emulator, api_key, "GET", "/integrations/1")
    expect(page.page.locator("#log-count")).to_have_text("1 request, 0 shown, paused, 1 new")
    expect(page.rows).to_have_count(0)
    page.press("Follow")
    expect(page.rows).to_have_count(1)
    expect(page.page.locator("#log-count")).to_have_text("1 request")


def test_the_log_is_cleared(page: Opened, api_key: str) -> None:
    call(page.emulator, api_key, "GET", "/integrations/1")
    expect(page.rows).to_have_count(1)
    page.press("Clear log")
    expect(page.rows).to_have_count(0)
    assert page.emulator.requests == []


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ("post", ["/integrations"]),
        ("404 /2", ["/integrations/2"]),
        ("status 503", ["/integrations/1"]),
        ("PATCH", []),
    ],
)
def test_the_log_is_filtered_by_words(page: Opened, api_key: str, words: str, paths: list[str]) -> None:
    call(page.emulator, api_key, "POST", "/integrations", XERO)
    page.emulator.inject(Fault(status=503))
    call(page.emulator, api_key, "GET", "/integrations/1")
    call(page.emulator, api_key, "GET", "/integrations/2")
    page.page.get_by_label("Filter").fill(words)
    expect(page.rows.locator(".path")).to_have_text(paths)


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        ("all", ["held", "404", "no answer", "200"]),
        ("good", ["200"]),
        ("bad", ["404", "no answer"]),
        ("fault", ["held", "no answer"]),
        ("open", ["held"]),
    ],
)
def test_the_log_is_filtered_by_the_outcome_of_requests(
    page: Opened, api_key: str, outcome: str, shown: list[str]
) -> None:
    call(page.emulator, api_key, "POST", "/integrations", XERO)
    page.emulator.inject(Fault(hang_up="after"))
    call(page.emulator, api_key, "PUT", "/integrations/1234", XERO)
    call(page.emulator, api_key, "GET", "/integrations/9")
    page.emulator.inject(Fault(hold=True))
    thread = call_and_be_held(page.emulator, api_key)
    page.page.get_by_label("Show").select_option(outcome)
    expect(page.rows.locator(".outcome")).to_have_text(shown)
    page.emulator.release()
    thread.join()
