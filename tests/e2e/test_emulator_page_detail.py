"""An opened request on the emulator's page: request and response side by side, and the same request as curl."""

import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Locator, expect

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.pages.browser import DESK, PHONE
from tests.support.pages.emulator import Opened, call, call_and_be_held, opened
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.browser

SECRET = "secret-2710"
XERO: dict[str, Any] = {"integration_type": "XERO", "client_id": "an-app", "client_secret": SECRET}


@pytest.fixture
def copying(chromium: Browser, emulator: Emulator, api_key: str) -> Iterator[Opened]:
    """The page in a browser that permits to copy."""
    with opened(chromium, emulator, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


def pane(page: Opened, title: str) -> Locator:
    heading = page.page.get_by_role("heading", name=title, exact=True)
    return page.page.locator("#log .pane").filter(has=heading)


def open_newest(page: Opened) -> None:
    page.rows.first.locator("summary").click()


def test_opened_request_shows_request_and_response(page: Opened, api_key: str) -> None:
    call(page.emulator, api_key, "POST", "/integrations", XERO)
    open_newest(page)
    for words in ("POST /integrations", "api_key: ***", '"client_id": "an-app"', '"client_secret": "***"'):
        expect(pane(page, "Request")).to_contain_text(words)
    for words in ("all of it", "HTTP 200", "content-type: application/json", '"rootfi_id": 1234'):
        expect(pane(page, "Response")).to_contain_text(words)
    assert SECRET not in page.page.content()


@pytest.mark.parametrize(
    ("fault", "title", "words"),
    [
        ({"hang_up": "after"}, "Response, lost", ["nothing", "HTTP 200", '"rootfi_id": 1234']),
        ({"hang_up": "before"}, "Response", ["nothing", "None was made."]),
        ({"raw": b"nonsense\r\n"}, "Response", ["raw bytes in place of HTTP", "not HTTP"]),
        ({"status": 503}, "Response", ["all of it", "HTTP 503"]),
    ],
    ids=["lost", "cut off", "raw", "503"],
)
def test_opened_request_says_what_the_client_received(
    page: Opened, api_key: str, fault: dict[str, Any], title: str, words: list[str]
) -> None:
    page.emulator.inject(Fault(**fault))
    call(page.emulator, api_key, "POST", "/integrations", XERO)
    open_newest(page)
    expect(pane(page, title)).to_contain_text("The client received: ")
    expect(pane(page, title)).to_contain_text("Fault: ")
    for each in words:
        expect(pane(page, title)).to_contain_text(each)


def test_open_request_gets_its_response_and_keeps_the_focus(page: Opened, api_key: str) -> None:
    page.emulator.inject(Fault(hold=True))
    thread = call_and_be_held(page.emulator, api_key)
    open_newest(page)
    expect(pane(page, "Response")).to_contain_text("None yet.")
    page.page.get_by_role("button", name="Copy as curl").focus()
    page.emulator.release()
    expect(pane(page, "Response")).to_contain_text("HTTP 404")
    expect(page.page.get_by_role("button", name="Copy as curl")).to_be_focused()
    thread.join()


@pytest.mark.parametrize(("viewport", "columns"), [(DESK, 2), (PHONE, 1)], ids=["desk", "phone"])
def test_panes_are_side_by_side_where_there_is_room(
    chromium: Browser, emulator: Emulator, api_key: str, viewport: Any, columns: int
) -> None:
    call(emulator, api_key, "POST", "/integrations", XERO)
    with opened(chromium, emulator, viewport=viewport) as page:
        open_newest(page)
        expect(pane(page, "Response")).to_be_visible()
        lefts = {box["x"] for each in page.page.locator(".pane").all() if (box := each.bounding_box())}
        assert len(lefts) == columns
        assert (page.visit.violations(), page.visit.overflows()) == ([], False)


def test_curl_command_has_neither_key_nor_secret(copying: Opened, api_key: str) -> None:
    call(copying.emulator, api_key, "POST", "/integrations", XERO)
    open_newest(copying)
    copying.press("Copy as curl")
    expect(copying.said).to_have_text("Copied the curl command.")
    assert copying.page.evaluate("navigator.clipboard.readText()") == (
        f"curl -X POST \\\n  {copying.emulator.url}/integrations \\\n"
        "  -H \"api_key: $ROOTFI_API_KEY\" \\\n  -H 'content-type: application/json' \\\n"
        '  --data-raw \'{"integration_type":"XERO","client_id":"an-app","client_secret":"<client_secret>"}\''
    )


HOSTILE = """it's "quoted" $HOME `id` $(id) \\ ! @file {a,b} [1-3] * ~ # ; & | é €\n\ttwo lines"""


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/integrations", {"integration_type": "XERO", "client_id": HOSTILE, "client_secret": "x"}),
        ("PUT", "/integrations/1%2034'%22$(id)%3Fa%23b%25", {"client_id": "@/etc/hostname", "client_secret": "y"}),
        ("GET", "/integrations/%7Ba,b%7D[1-3]/../x", None),
        ("DELETE", "/integrations/1", None),
        ("HEAD", "/integrations/1", None),
    ],
    ids=["body", "path", "globs", "delete", "head"],
)  # fmt: skip
def test_curl_command_sends_the_same_request_from_a_shell(
    copying: Opened, api_key: str, method: str, path: str, body: Any
) -> None:
    with requests.Session() as session:
        request = requests.Request(method, "http://x", json=body, headers={"api_key": api_key}).prepare()
        request.url = copying.emulator.url + path
        session.send(request, timeout=PATIENCE)
    open_newest(copying)
    copying.press("Copy as curl")
    expect(copying.said).to_have_text("Copied the curl command.")
    command = copying.page.evaluate("navigator.clipboard.readText()")
    environ = os.environ | {"ROOTFI_API_KEY": api_key}
    subprocess.run(["/bin/sh", "-c", command], check=True, timeout=PATIENCE, env=environ, capture_output=True)
    sent, repeated = copying.emulator.requests
    expected = body and {**body, "client_secret": "<client_secret>"}
    assert (repeated.method, repeated.path, repeated.body) == (sent.method, sent.path, expected)
    assert repeated.organisation_id == sent.organisation_id == 123
    assert repeated.headers.get("content-type") == sent.headers.get("content-type")
