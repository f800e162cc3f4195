"""How the emulator's page connects a first client, and its copy buttons, with the browser's permission and without."""

import os
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from rootfi_pulumi.emulator import Emulator
from tests.support.pages.emulator import Opened, call, opened
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.browser

CLIPBOARD = ["clipboard-read", "clipboard-write"]
# A browser that offers neither way to copy.
NO_COPYING = "() => { delete Navigator.prototype.clipboard; document.execCommand = () => false }"
REFUSING = "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('denied')) }"
COPIED = "navigator.clipboard.readText()"


@pytest.fixture
def made_up(emulator: Emulator) -> str:
    """The key of an organisation, made up by the emulator."""
    return emulator.add_organisation()


@pytest.fixture
def empty(chromium: Browser, emulator: Emulator, made_up: str) -> Iterator[Opened]:
    with opened(chromium, emulator, permissions=CLIPBOARD) as page:
        yield page


def step(page: Opened, title: str) -> Locator:
    heading = page.page.get_by_role("heading", name=title, exact=True)
    return page.page.locator("#connect .step").filter(has=heading)


def test_empty_page_shows_address_key_and_pulumi_commands(empty: Opened, made_up: str) -> None:
    url = empty.emulator.url
    expect(step(empty, "Address").locator("pre")).to_have_text(url)
    expect(step(empty, "API key").locator("pre")).to_have_text(made_up)
    commands = f"pulumi config set rootfi:baseUrl {url}\npulumi config set --secret rootfi:apiKey {made_up}"
    assert step(empty, "Pulumi").locator("pre").inner_text() == commands


def test_key_of_the_user_is_not_shown(chromium: Browser, emulator: Emulator) -> None:
    emulator.add_organisation("k-hushed")
    with opened(chromium, emulator) as page:
        expect(step(page, "API key")).to_contain_text("The key that you gave to the emulator")
        expect(step(page, "Pulumi").locator("pre")).to_contain_text(re.compile("rootfi:apiKey$"))
        expect(step(page, "A first request")).to_contain_text('"api_key: $ROOTFI_API_KEY"')
        assert "hushed" not in page.page.content()


def test_empty_page_without_organisation_asks_for_one(chromium: Browser, emulator: Emulator) -> None:
    with opened(chromium, emulator) as page:
        expect(step(page, "API key")).to_contain_text("None: add an organisation first")
        emulator.add_organisation()
        expect(step(page, "API key")).to_contain_text("The emulator made it up")


def test_connect_leaves_with_the_first_request(empty: Opened, made_up: str) -> None:
    expect(empty.page.locator("#connect")).to_be_visible()
    call(empty.emulator, made_up, "GET", "/integrations/1")
    expect(empty.page.locator("#connect")).to_be_hidden()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Address", "the address"),
        ("API key", "the API key"),
        ("Pulumi", "the Pulumi commands"),
        ("A first request", "the curl command"),
    ],
)
def test_every_step_is_copied(empty: Opened, title: str, name: str) -> None:
    step(empty, title).get_by_role("button", name=f"Copy {name}").click()
    expect(empty.said).to_have_text(f"Copied {name}.")
    assert empty.page.evaluate(COPIED) == step(empty, title).locator("pre").inner_text()


def test_first_curl_command_creates_an_integration(empty: Opened) -> None:
    command = step(empty, "A first request").locator("pre").inner_text()
    subprocess.run(["/bin/sh", "-c", command], check=True, timeout=PATIENCE, env=os.environ)
    assert empty.emulator.integration(1234).client_id == "my-app"


def test_copying_works_without_permission(chromium: Browser, emulator: Emulator, made_up: str) -> None:
    with opened(chromium, emulator, permissions=["clipboard-read"]) as page:
        page.page.evaluate(REFUSING)
        page.press("Copy the API key")
        expect(page.said).to_have_text("Copied the API key.")
        assert page.page.evaluate(COPIED) == made_up
        expect(page.page.get_by_role("button", name="Copy the API key")).to_be_focused()


def test_text_is_selected_where_the_browser_refuses_to_copy(
    chromium: Browser, emulator: Emulator, made_up: str
) -> None:
    with opened(chromium, emulator) as page:
        page.page.evaluate(NO_COPYING)
        page.press("Copy the API key")
        expect(page.said).to_contain_text("The browser refused to copy. Press Ctrl+C")
        assert page.page.evaluate("getSelection().toString()") == made_up
        assert page.visit.violations() == []
        page.page.keyboard.press("Tab")
        expect(page.page.locator("textarea.selected")).to_have_count(0)


def test_text_can_be_copied_twice_where_the_browser_refuses(
    chromium: Browser, emulator: Emulator, made_up: str
) -> None:
    with opened(chromium, emulator) as page:
        page.page.evaluate(NO_COPYING)
        for _ in range(2):
            page.press("Copy the API key")
        expect(page.page.locator("textarea.selected")).to_have_count(1)


def test_open_copy_keeps_its_place_while_the_page_polls(empty: Opened) -> None:
    button = empty.page.get_by_role("button", name="Copy the address")
    button.focus()
    empty.emulator.add_organisation()
    expect(empty.page.get_by_role("table", name="2 organisations")).to_be_visible()
    expect(button).to_be_focused()


def test_empty_page_of_any_key_is_accessible(chromium: Browser, emulator: Emulator) -> None:
    key: Any = None
    for key in (None, "k-hushed"):
        emulator.reset()
        emulator.add_organisation(key)
        with opened(chromium, emulator) as page:
            assert page.visit.violations() == []
