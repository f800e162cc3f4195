"""The emulator's page as somebody who drives the emulator by it, with a mouse or with the keyboard alone."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from rootfi_pulumi.emulator import RateLimit
from tests.support.pages.emulator import Opened, call

pytestmark = pytest.mark.browser

XERO: dict[str, Any] = {"integration_type": "XERO", "client_id": "an-app", "client_secret": "a-secret"}


def test_settings_are_applied(page: Opened) -> None:
    page.page.get_by_label("client_secret in responses").select_option("masked")
    page.page.get_by_label("Second POST of a type").select_option("conflict")
    page.page.get_by_label("Limit each organisation").check()
    page.page.get_by_role("textbox", name="Requests", exact=True).fill("7")
    page.page.get_by_label("Window in seconds").fill("30")
    page.page.get_by_label("X-RateLimit-Reset").select_option("epoch_seconds")
    page.page.get_by_label("Retry-After").select_option("date")
    page.press("Apply settings")
    expect(page.said).to_have_text("Settings applied.")
    assert (page.emulator.secrets, page.emulator.second_post) == ("masked", "conflict")
    assert page.emulator.rate_limit == RateLimit(
        requests=7, seconds=30, reset="epoch_seconds", retry_after="date"
    )


def test_a_rate_limit_is_taken_away(page: Opened) -> None:
    page.emulator.rate_limit = RateLimit(requests=5)
    expect(page.page.get_by_role("textbox", name="Requests", exact=True)).to_have_value("5")
    page.page.get_by_label("Limit each organisation").uncheck()
    page.press("Apply settings")
    expect(page.said).to_have_text("Settings applied.")
    assert page.emulator.rate_limit is None


def test_invalid_settings_are_refused_and_kept_for_correction(page: Opened) -> None:
    page.page.get_by_label("Limit each organisation").check()
    page.page.get_by_role("textbox", name="Requests", exact=True).fill("0")
    page.press("Apply settings")
    expect(page.said).to_have_text(
        "Failed: cannot change the settings: rate_limit.requests must be a whole number, 1 or more"
    )
    expect(page.page.get_by_role("textbox", name="Requests", exact=True)).to_have_value("0")


def test_an_organisation_is_added_and_its_key_forgotten(page: Opened) -> None:
    page.page.get_by_label("Name", exact=True).fill("staging")
    key = page.page.get_by_label("API key", exact=True)
    key.fill("k-hushed")
    page.press("Add organisation")
    expect(page.page.get_by_role("table", name="2 organisations")).to_contain_text("staging")
    expect(key).to_have_value("")
    assert (page.emulator.organisation_id("k-hushed"), "hushed" in page.page.content()) == (124, False)


def test_organisation_without_a_key_shows_the_one_it_gets(page: Opened) -> None:
    page.press("Add organisation")
    row = page.page.get_by_role("table", name="2 organisations").get_by_role("row").nth(2)
    expect(row.locator("code")).to_have_text(re.compile(r"[0-9a-f]{40}"))
    assert page.emulator.organisation_id(row.locator("code").inner_text()) == 124


def test_a_key_that_cannot_be_had_is_refused_in_one_line(page: Opened) -> None:
    page.page.get_by_label("API key", exact=True).fill("two words")
    page.press("Add organisation")
    expect(page.said).to_have_text(
        "Failed: cannot add the organisation: an API key is one word of printable ASCII"
    )


def test_a_reset_that_is_confirmed_empties_everything(page: Opened, api_key: str) -> None:
    page.emulator.add_integration(api_key, **XERO)
    page.press("Reset the emulator…")
    page.press("Reset")
    expect(page.said).to_have_text("Emulator reset.")
    expect(page.page.get_by_role("table")).to_have_count(0)


@pytest.mark.parametrize("way_out", ["button", "escape"])
def test_a_reset_that_is_not_confirmed_does_nothing(page: Opened, api_key: str, way_out: str) -> None:
    page.press("Reset the emulator…")
    dialog = page.page.get_by_role("dialog", name="Reset the emulator?")
    expect(dialog.get_by_role("button", name="Keep everything")).to_be_focused()
    if way_out == "button":
        page.press("Keep everything")
    else:
        page.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.page.get_by_role("button", name="Reset the emulator…")).to_be_focused()
    assert page.emulator.organisation_id(api_key) == 123


def reach(page: Opened, name: str) -> None:
    """Press Tab until the focus is on a control of this name, as somebody without a mouse does."""
    named = "() => document.activeElement.textContent.replace(/\\s+/g, ' ').trim()"
    for _ in range(80):
        page.page.keyboard.press("Tab")
        if page.page.evaluate(named).startswith(name):
            return
    raise AssertionError(f"no way to {name} by the Tab key")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_fault_is_injected_by_keyboard_and_the_focus_is_seen(page: Opened, key: str) -> None:
    reach(page, "Next request status 503")
    assert page.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.page.keyboard.press(key)
    expect(page.said).to_have_text("Waiting: Next request: status 503.")


def test_a_request_is_opened_by_keyboard(page: Opened, api_key: str) -> None:
    call(page.emulator, api_key, "GET", "/integrations/1")
    expect(page.rows).to_have_count(1)
    reach(page, page.rows.locator("time").inner_text())
    page.page.keyboard.press("Enter")
    expect(page.rows.locator(".detail")).to_be_visible()


def test_any_fault_is_made_by_keyboard(page: Opened) -> None:
    reach(page, "Any other fault")
    page.page.keyboard.press("Enter")
    page.page.locator("#fault-form [name=status]").focus()
    page.page.keyboard.type("418")
    page.page.keyboard.press("Enter")
    expect(page.said).to_have_text("Waiting: Next request: status 418.")


def test_an_organisation_is_added_by_keyboard(page: Opened) -> None:
    page.page.get_by_label("API key", exact=True).focus()
    page.page.keyboard.type("k-hushed")
    page.page.keyboard.press("Enter")
    expect(page.said).to_have_text("Organisation added.")


def test_a_reset_is_made_by_keyboard(page: Opened) -> None:
    reach(page, "Reset the emulator…")
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")
    expect(page.said).to_have_text("Emulator reset.")


def test_a_control_says_in_one_line_that_nothing_answers(page: Opened) -> None:
    page.emulator.__exit__(None, None, None)
    page.press("Next request status 503")
    expect(page.said).to_have_text("Failed: the emulator does not answer: is it running?")
