"""The faults of the emulator's page: ready-made, made by its form, waiting, held and cleared."""

import json
import socket
from typing import Any

import pytest
from playwright.sync_api import expect

from rootfi_pulumi.emulator import Fault
from tests.support.pages.emulator import Opened, call, call_and_be_held

pytestmark = pytest.mark.browser

XERO = {"integration_type": "XERO", "client_id": "an-app", "client_secret": "a-secret"}


def test_an_injected_fault_hits_the_next_request_and_no_other(page: Opened, api_key: str) -> None:
    page.press("Next request status 503")
    expect(page.said).to_have_text("Waiting: Next request: status 503.")
    statuses = [call(page.emulator, api_key, "GET", "/integrations/1") for _ in range(2)]
    assert statuses == [503, 404]
    expect(page.rows.locator(".outcome")).to_have_text(["404", "503"])


def test_an_answer_is_lost_but_the_integration_is_there(page: Opened, api_key: str) -> None:
    page.press("Next POST hang up after processing (created, response lost)")
    expect(page.said).to_have_text("Waiting: Next POST: hang up after processing.")
    assert call(page.emulator, api_key, "POST", "/integrations", XERO) is None
    expect(page.page.get_by_role("table", name="1 integration")).to_be_visible()


def test_every_ready_made_fault_waits_once_its_button_is_pressed(page: Opened) -> None:
    buttons = page.page.locator("[data-fault]")
    for button in buttons.all():
        button.click()
    expect(page.page.locator("#waiting > li")).to_have_count(buttons.count())
    wanted = [json.loads(each.get_attribute("data-fault") or "") for each in buttons.all()]
    assert [fault.keys() - {"id", "skip", "times"} for fault in page.faults()] == [
        each.keys() for each in wanted
    ]


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
            "Next 3 POSTs · XERO · skip 2status 429 · Retry-After: 5Remove",
            "Every request · id 7 · until removeddelay 2 s · hold until released · processedRemove",
        ]
    )


def test_preset_and_waiting_fault_have_the_same_words(page: Opened) -> None:
    buttons = page.page.locator("[data-fault]")
    words = [each.inner_text().partition(" (")[0].replace("\n", " ").strip() for each in buttons.all()]
    for button in buttons.all():
        button.click()
    rows = page.page.locator("#waiting > li")
    expect(rows).to_have_count(len(words))
    waiting = [[each.inner_text() for each in row.locator("b, span").all()] for row in rows.all()]
    assert [" ".join(each) for each in waiting] == words


def test_one_waiting_fault_is_removed_and_the_others_stay(page: Opened) -> None:
    for status in (500, 502, 503):
        page.emulator.inject(Fault(status=status))
    page.press("Remove Next request: status 502")
    expect(page.said).to_have_text("Removed: Next request: status 502.")
    expect(page.page.locator("#waiting > li > span")).to_have_text(["status 500", "status 503"])
    assert [fault["status"] for fault in page.faults()] == [500, 503]


def test_focus_moves_to_the_next_fault_when_one_is_removed(page: Opened) -> None:
    for status in (500, 502):
        page.emulator.inject(Fault(status=status))
    first, second = (
        page.page.get_by_role("button", name=f"Remove Next request: status {status}") for status in (500, 502)
    )
    first.focus()
    page.page.keyboard.press("Enter")
    expect(second).to_be_focused()
    page.page.keyboard.press("Enter")
    expect(page.page.get_by_role("heading", name="Waiting for a request")).to_be_focused()


def test_focus_stays_while_a_waiting_fault_counts_down(page: Opened, api_key: str) -> None:
    page.emulator.inject(Fault(status=503, times=3))
    page.page.get_by_role("button", name="Remove Next 3 requests: status 503").focus()
    call(page.emulator, api_key, "GET", "/integrations/1")
    expect(page.page.get_by_role("button", name="Remove Next 2 requests: status 503")).to_be_focused()


def test_removing_a_fault_that_is_over_says_why(page: Opened, api_key: str) -> None:
    page.emulator.inject(Fault(status=503))
    button = page.page.get_by_role("button", name="Remove Next request: status 503")
    expect(button).to_be_visible()
    page.page.route("**/live?*", lambda route: route.abort())
    call(page.emulator, api_key, "GET", "/integrations/1")
    button.click()
    expect(page.said).to_contain_text("Failed: cannot remove the fault: no waiting fault has the id 1")


def test_faults_are_cleared(page: Opened, api_key: str) -> None:
    page.emulator.inject(Fault(status=503, times=None))
    page.press("Remove all faults")
    expect(page.page.locator("#waiting > li")).to_have_count(0)
    assert call(page.emulator, api_key, "GET", "/integrations/1") == 404


def test_held_requests_are_counted_and_released(page: Opened, api_key: str) -> None:
    page.press("Next request hold until released")
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
    assert page.faults() == [{"id": 1, **fault}]


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
            "Failed: cannot inject the fault: hang_up sends no response: remove status",
        ),
        (
            {"status": "99"},
            "Failed: cannot inject the fault: status must be a whole number from 200 to 599",
        ),
        (
            {"status": "503", "integration_type": "xero"},
            "Failed: cannot inject the fault: integration_type: not one of RootFi's 17 types: did you mean XERO?",
        ),
        (
            {},
            "Failed: cannot inject the fault: it has no effect: set what happens, such as status, hold or hang_up",
        ),
        (
            {"status": "503", "headers": "a header: x"},
            "Failed: cannot inject the fault: headers: a name is letters, digits and hyphens, before a colon",
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


WHOLE, DECIMAL = "write a whole number in digits, such as 3", "write a number in digits, such as 0.5"
GREATEST = "write at most 9007199254740991"
NO_COLON = "line 3 has no colon: write a header as Name: value"


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("integration_id", "Infinity", WHOLE),
        ("integration_id", "1e400", WHOLE),
        ("integration_id", "0x10", WHOLE),
        ("integration_id", "-1", WHOLE),
        ("integration_id", "1.5", WHOLE),
        ("integration_id", " ", WHOLE),
        ("integration_id", "9007199254740993", GREATEST),
        ("skip", "many", WHOLE),
        ("delay", "Infinity", DECIMAL),
        ("delay", "9" * 400, GREATEST),
        ("headers", "X-A: b\n\nRetry-After 5", NO_COLON),
        ("headers", "X-A: b\nx-a: c", "line 2 repeats a header: join its values with a comma"),
    ],
)
def test_a_wrong_field_has_the_focus_and_says_why(page: Opened, name: str, text: str, why: str) -> None:
    fill(page, {"status": "503", name: text})
    page.press("Inject fault")
    field = page.page.locator(f"#fault-form [name={name}]")
    expect(page.said).to_have_text(f"Failed: cannot inject the fault: {name}: {why}")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.page.locator("#fault-form small")).to_have_text([why])
    assert page.faults() == []


@pytest.mark.parametrize("is_cleared", [False, True], ids=["corrected", "cleared"])
def test_a_corrected_field_is_no_longer_marked(page: Opened, is_cleared: bool) -> None:
    fill(page, {"status": "503", "integration_id": "seven"})
    page.press("Inject fault")
    field = page.page.locator("#fault-form [name=integration_id]")
    expect(field).to_have_attribute("aria-invalid", "true")
    if is_cleared:
        page.press("Clear form")
    else:
        field.fill("7")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.page.locator("#fault-form small")).to_have_count(0)


def test_the_form_can_be_emptied(page: Opened) -> None:
    fill(page, {"status": "500", "hold": True})
    page.press("Clear form")
    expect(page.page.locator("#fault-form [name=status]")).to_have_value("")
    expect(page.page.locator("#fault-form [name=hold]")).not_to_be_checked()
