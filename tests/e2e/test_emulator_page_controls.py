"""The emulator's page as somebody who drives the emulator by it, with a mouse or with the keyboard alone."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from emulator_page import Opened, call, call_and_be_held, opened
from playwright.sync_api import Browser, expect

from rootfi_pulumi.emulator import Emulator, Fault, RateLimit

XERO = {"integration_type": "XERO", "client_id": "an-app", "client_secret": "a-secret"}


@pytest.fixture
def page(chromium: Browser, emulator: Emulator, api_key: str) -> Iterator[Opened]:
    with opened(chromium, emulator) as page:
        yield page


def test_an_injected_fault_hits_the_next_request_and_no_other(page: Opened, api_key: str) -> None:
    page.press("Next request 503 Unavailable")
    expect(page.said).to_have_text("Waiting: any request: answers 503.")
    statuses = [call(page.emulator, api_key, "GET", "/integrations/1") for _ in range(2)]
    assert statuses == [503, 404]
    expect(page.rows.locator(".outcome")).to_have_text(["404", "503"])


def test_an_answer_is_lost_but_the_integration_is_there(page: Opened, api_key: str) -> None:
    page.press("Next POST created, answer lost")
    expect(page.said).to_have_text("Waiting: POST: processed, answer lost.")
    assert call(page.emulator, api_key, "POST", "/integrations", XERO) is None
    expect(page.page.get_by_role("table", name="1 integration")).to_be_visible()


def test_every_ready_made_fault_waits_once_its_button_is_pressed(page: Opened) -> None:
    buttons = page.page.locator("[data-fault]")
    for button in buttons.all():
        button.click()
    expect(page.page.locator("#waiting > li")).to_have_count(buttons.count())
    wanted = [json.loads(each.get_attribute("data-fault") or "") for each in buttons.all()]
    assert [fault.keys() - {"skip", "times"} for fault in page.faults()] == [each.keys() for each in wanted]


def test_faults_that_wait_say_whom_they_meet_and_how(page: Opened) -> None:
    page.emulator.inject(
        Fault(
            operation="create",
            integration_type="XERO",
            skip=2,
            times=3,
            status=429,
            headers={"Retry-After": "5"},
        )
    )
    page.emulator.inject(Fault(integration_id=7, delay=2, hold=True, processed=True, times=None))
    expect(page.page.locator("#waiting > li")).to_have_text(
        [
            "POST · XERO · after 2 more · the next 3answers 429 · Retry-After: 5",
            "any request · id 7 · until cleared2 s before processing · held · processed",
        ]
    )


def test_faults_are_cleared(page: Opened, api_key: str) -> None:
    page.emulator.inject(Fault(status=503, times=None))
    page.press("Clear faults")
    expect(page.page.locator("#waiting > li")).to_have_count(0)
    assert call(page.emulator, api_key, "GET", "/integrations/1") == 404


def test_held_requests_are_counted_and_released(page: Opened, api_key: str) -> None:
    page.press("Next request held until released")
    expect(page.page.locator("#faults-count")).to_have_text("1 waiting")
    thread = call_and_be_held(page.emulator, api_key)
    page.press("Release 1 held request")
    expect(page.rows.locator(".outcome")).to_have_text("404")
    thread.join()
    expect(page.page.get_by_role("button", name="Release held requests")).to_be_disabled()


WHOM = {"operation": "update", "integration_type": "WAVE", "integration_id": "7", "skip": "2", "times": "3"}
FORMS: list[tuple[dict[str, str | bool], dict[str, Any]]] = [
    (
        {
            **WHOM,
            "status": "409",
            "shape": "write",
            "message": "no",
            "echo": True,
            "headers": "Retry-After: 5\nX-A: b",
        },
        {
            **WHOM,
            "integration_id": 7,
            "skip": 2,
            "times": 3,
            "status": 409,
            "shape": "write",
            "message": "***",
            "echo": True,
            "headers": {"Retry-After": "5", "X-A": "***"},
        },
    ),
    (
        {
            "endless": True,
            "delay": "0.5",
            "delay_after": "1.5",
            "hold": True,
            "processed": True,
            "trickle": "0.25",
        },
        {
            "skip": 0,
            "times": None,
            "delay": 0.5,
            "delay_after": 1.5,
            "hold": True,
            "processed": True,
            "trickle": 0.25,
        },
    ),
    ({"hang_up": "before"}, {"skip": 0, "times": 1, "hang_up": "before"}),
    (
        {"body": "{}", "content_type": "text/plain"},
        {"skip": 0, "times": 1, "body": "***", "content_type": "text/plain"},
    ),
    ({"raw": "HTTP/1.1 200 OK\n\n"}, {"skip": 0, "times": 1, "raw": "***"}),
]


def fill(page: Opened, fields: dict[str, Any]) -> None:
    page.page.get_by_text("Any other fault").click()
    for name, value in fields.items():
        field = page.page.locator(f"#fault-form [name={name}]")
        if value is True:
            field.check()
        elif field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


@pytest.mark.parametrize(("fields", "fault"), FORMS, ids=["error", "late", "hang up", "body", "raw"])
def test_any_fault_can_be_made_by_the_form(
    page: Opened, fields: dict[str, Any], fault: dict[str, Any]
) -> None:
    fill(page, fields)
    page.press("Inject fault")
    expect(page.page.locator("#waiting > li")).to_have_count(1)
    assert page.faults() == [fault]


def test_raw_lines_of_the_form_end_as_http_wants_them(page: Opened) -> None:
    fill(page, {"raw": "HTTP/1.1 418 Teapot\n\n"})
    page.press("Inject fault")
    expect(page.page.locator("#waiting > li")).to_have_count(1)
    port = int(page.emulator.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as client, client.makefile("rb") as answer:
        client.sendall(b"GET /integrations/1 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer.read() == b"HTTP/1.1 418 Teapot\r\n\r\n"


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        (
            {"hang_up": "after", "status": "500"},
            "Not done: body: nothing is answered after hang_up, so without effect: status",
        ),
        (
            {"status": "many"},
            "Not done: status: Input should be a valid integer, unable to parse string as an integer",
        ),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_in_one_line(
    page: Opened, fields: dict[str, Any], refusal: str
) -> None:
    fill(page, fields)
    page.press("Inject fault")
    expect(page.said).to_have_text(refusal)
    assert page.faults() == []


def test_the_form_can_be_emptied(page: Opened) -> None:
    fill(page, {"status": "500", "hold": True})
    page.press("Empty the form")
    expect(page.page.locator("#fault-form [name=status]")).to_have_value("")
    expect(page.page.locator("#fault-form [name=hold]")).not_to_be_checked()


def test_settings_are_applied(page: Opened) -> None:
    page.page.get_by_label("client_secret in answers").select_option("masked")
    page.page.get_by_label("Second POST of a type").select_option("conflict")
    page.page.get_by_label("Limit each organisation").check()
    page.page.get_by_role("textbox", name="Requests", exact=True).fill("7")
    page.page.get_by_label("in so many seconds").fill("30")
    page.page.get_by_label("X-RateLimit-Reset").select_option("epoch_seconds")
    page.page.get_by_label("Retry-After").select_option("date")
    page.press("Apply settings")
    expect(page.said).to_have_text("Settings are applied.")
    assert (page.emulator.secrets, page.emulator.second_post) == ("masked", "conflict")
    assert page.emulator.rate_limit == RateLimit(
        requests=7, seconds=30, reset="epoch_seconds", retry_after="date"
    )


def test_a_rate_limit_is_taken_away(page: Opened) -> None:
    page.emulator.rate_limit = RateLimit(requests=5)
    expect(page.page.get_by_role("textbox", name="Requests", exact=True)).to_have_value("5")
    page.page.get_by_label("Limit each organisation").uncheck()
    page.press("Apply settings")
    expect(page.said).to_have_text("Settings are applied.")
    assert page.emulator.rate_limit is None


def test_settings_that_make_no_sense_are_refused_and_kept_to_be_mended(page: Opened) -> None:
    page.page.get_by_label("Limit each organisation").check()
    page.page.get_by_role("textbox", name="Requests", exact=True).fill("0")
    page.press("Apply settings")
    expect(page.said).to_have_text(
        "Not done: rate_limit.requests: Input should be greater than or equal to 1"
    )
    expect(page.page.get_by_role("textbox", name="Requests", exact=True)).to_have_value("0")


def test_an_organisation_is_added_and_its_key_forgotten(page: Opened) -> None:
    key = page.page.get_by_label("API key of a new one")
    key.fill("k-2710")
    page.press("Add organisation")
    expect(page.page.get_by_role("table", name="2 organisations")).to_be_visible()
    expect(key).to_have_value("")
    assert (page.emulator.organisation_id("k-2710"), "2710" in page.page.content()) == (124, False)


def test_a_key_that_cannot_be_had_is_refused_in_one_line(page: Opened) -> None:
    page.page.get_by_label("API key of a new one").fill("two words")
    page.press("Add organisation")
    expect(page.said).to_have_text("Not done: an API key is one word of printable ASCII")


def test_a_reset_that_is_confirmed_empties_everything(page: Opened, api_key: str) -> None:
    page.emulator.add_integration(api_key, **XERO)
    page.press("Reset the emulator…")
    page.press("Reset")
    expect(page.said).to_have_text("The emulator is as new.")
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


def test_a_paused_log_counts_what_arrives_and_shows_it_when_followed_again(
    page: Opened, api_key: str
) -> None:
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
        ("answers 503", ["/integrations/1"]),
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
def test_the_log_is_filtered_by_what_became_of_requests(
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
    reach(page, "Next request 503")
    assert page.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.page.keyboard.press(key)
    expect(page.said).to_have_text("Waiting: any request: answers 503.")


def test_a_request_is_opened_by_keyboard(page: Opened, api_key: str) -> None:
    call(page.emulator, api_key, "GET", "/integrations/1")
    expect(page.rows).to_have_count(1)
    reach(page, page.rows.locator("time").inner_text())
    page.page.keyboard.press("Enter")
    expect(page.rows.locator("dl")).to_be_visible()


def test_any_fault_is_made_by_keyboard(page: Opened) -> None:
    reach(page, "Any other fault")
    page.page.keyboard.press("Enter")
    page.page.locator("#fault-form [name=status]").focus()
    page.page.keyboard.type("418")
    page.page.keyboard.press("Enter")
    expect(page.said).to_have_text("Waiting: any request: answers 418.")


def test_an_organisation_is_added_by_keyboard(page: Opened) -> None:
    page.page.get_by_label("API key of a new one").focus()
    page.page.keyboard.type("k-2710")
    page.page.keyboard.press("Enter")
    expect(page.said).to_have_text("The organisation is there.")


def test_a_reset_is_made_by_keyboard(page: Opened) -> None:
    reach(page, "Reset the emulator…")
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")
    expect(page.said).to_have_text("The emulator is as new.")


def test_a_control_says_in_one_line_that_nothing_answers(page: Opened) -> None:
    page.emulator.__exit__(None, None, None)
    page.press("Next request 503 Unavailable")
    expect(page.said).to_have_text("Not done: the emulator does not answer: is it running?")
