"""The request log of the emulator's page: its lines, paused, cleared and filtered."""

import pytest
from playwright.sync_api import expect

from rootfi_pulumi.emulator import Fault
from tests.support.pages.emulator import Opened, call, call_and_be_held

pytestmark = pytest.mark.browser

XERO = {"integration_type": "XERO", "client_id": "an-app", "client_secret": "a-secret"}


def test_log_line_says_what_happened(page: Opened, api_key: str) -> None:
    call(page.emulator, api_key, "POST", "/integrations", XERO)
    call(page.emulator, page.emulator.add_organisation(name="dev"), "GET", "/integrations/1234")
    expect(page.rows.locator(".event")).to_have_text(
        ["1234 · XERO · an-app · refused: no such integration · dev", "XERO · an-app → 1234 · org 123"]
    )


def test_client_id_reorders_no_other_text(page: Opened, api_key: str) -> None:
    call(page.emulator, api_key, "POST", "/integrations", XERO | {"client_id": "a\u202eb"})
    event = page.rows.locator(".event")
    expect(event).to_have_text("XERO · a\u202eb → 1234 · org 123")
    expect(event.locator("bdi")).to_have_text(["XERO", "a\u202eb", "1234", "org 123"])
    expect(page.page.locator("#integrations-table code bdi")).to_have_text("a\u202eb")
    page.rows.locator("summary").click()
    # Only the first is what was sent.
    expect(page.rows.locator(".body").first).to_contain_text('"client_id": "a\\u202eb"')


def test_organisations_name_reorders_no_other_text(page: Opened) -> None:
    name = "\u05d0\u05d1"
    call(page.emulator, page.emulator.add_organisation(name=name), "GET", "/integrations/1")
    expect(page.rows.locator(".event bdi").last).to_have_text(name)
    expect(page.page.locator("#organisations-table bdi").last).to_have_text(name)
    page.rows.locator("summary").click()
    expect(page.rows.locator(".facts bdi")).to_have_text(name)


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
        ("all", ["held", "404", "no response", "200"]),
        ("good", ["200"]),
        ("bad", ["404", "no response"]),
        ("fault", ["held", "no response"]),
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


def test_log_is_filtered_by_organisation(page: Opened, api_key: str) -> None:
    expect(page.page.locator("#log-organisation")).to_be_hidden()
    keys = {"123": api_key, "dev": page.emulator.add_organisation(name="dev"), "no": "unknown-key"}
    for name, key in keys.items():
        call(page.emulator, key, "GET", f"/integrations/{name}")
    for label, name in (("org 123", "123"), ("dev", "dev"), ("none: no known key", "no")):
        page.page.locator("#log-organisation").select_option(label=label)
        expect(page.rows.locator(".path")).to_have_text([f"/integrations/{name}"])
    page.page.locator("#log-organisation").select_option("all")
    page.page.get_by_label("Filter").fill("· DEV")
    expect(page.rows.locator(".path")).to_have_text(["/integrations/dev"])


@pytest.mark.parametrize("by", ["words", "outcome"])
def test_filters_that_match_nothing_say_so(page: Opened, api_key: str, by: str) -> None:
    call(page.emulator, api_key, "GET", "/integrations/1")
    expect(page.rows).to_have_count(1)
    if by == "words":
        page.page.get_by_label("Filter").fill("PATCH")
    else:
        page.page.get_by_label("Show").select_option("open")
    expect(page.page.get_by_text("No request matches the filters.")).to_be_visible()
    expect(page.rows).to_have_count(0)
    assert page.visit.violations() == []
    page.press("Clear filters")
    expect(page.rows).to_have_count(1)
    expect(page.page.get_by_text("No request matches the filters.")).to_be_hidden()
    expect(page.page.get_by_label("Filter")).to_be_focused()


def test_choice_of_an_organisation_ends_with_a_reset(page: Opened, api_key: str) -> None:
    call(page.emulator, page.emulator.add_organisation(name="dev"), "GET", "/integrations/1")
    page.page.locator("#log-organisation").select_option(label="dev")
    page.emulator.reset()
    call(page.emulator, "unknown-key", "GET", "/integrations/2")
    expect(page.rows.locator(".path")).to_have_text(["/integrations/2"])
