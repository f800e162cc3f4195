"""The control routes, as a test in another process uses them."""

import json
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, Fault, RateLimit, Settings
from tests.support.patience import PATIENCE

InBackground = Callable[..., Future[requests.Response]]
Call = Callable[..., requests.Response]

INTEGRATION: dict[str, Any] = {"integration_type": "XERO", "client_id": "an-id", "client_secret": "s-hushed"}


@pytest.fixture
def control(emulator: Emulator) -> Call:
    """Send a request to a control route; they need no key."""

    def send(method: str, path: str, body: Any = None) -> requests.Response:
        return requests.request(method, f"{emulator.url}/_emulator/{path}", json=body, timeout=PATIENCE)

    return send


def test_requests_are_listed_in_order_of_arrival(control: Call, call: Call) -> None:
    call("GET", "/integrations/1")
    call("POST", "/integrations", INTEGRATION)
    assert [(request["path"], request["status"]) for request in control("GET", "requests").json()] == [
        ("/integrations/1", 404),
        ("/integrations", 200),
    ]


def test_listed_requests_mask_key_and_secret(control: Call, call: Call, key: str) -> None:
    call("POST", "/integrations", INTEGRATION)
    text = control("GET", "requests").text
    assert ("hushed" in text, key in text) == (False, False)


def test_any_body_can_be_listed(control: Call, call: Call, key: str) -> None:
    call("POST", "/integrations", data=b'{"client_id": "\\ud800"}', headers={"api_key": key})
    assert control("GET", "requests").status_code == 200


def test_the_log_can_be_emptied(control: Call, call: Call, emulator: Emulator) -> None:
    call("GET", "/integrations/1")
    assert (control("DELETE", "requests").status_code, emulator.requests) == (204, [])


def test_organisations_are_listed_by_id_without_their_keys(
    control: Call, emulator: Emulator, key: str
) -> None:
    other = emulator.add_organisation("given", name="dev")
    emulator.change_key(key, "another")
    emulator.add_integration(other, **INTEGRATION)
    assert control("GET", "organisations").json() == [
        {"id": 123, "name": "org 123", "api_key": "***", "made_up_key": None, "integrations": 0},
        {"id": 124, "name": "dev", "api_key": "***", "made_up_key": None, "integrations": 1},
    ]


def test_faults_are_listed_with_what_is_left_of_them(control: Call, call: Call) -> None:
    control("POST", "faults", {"operation": "read", "status": 503, "times": 3})
    control("POST", "faults", {"operation": "update", "hold": True, "skip": 2})
    call("GET", "/integrations/1")
    assert control("GET", "faults").json() == [
        {"id": 1, "operation": "read", "status": 503, "skip": 0, "times": 2},
        {"id": 2, "operation": "update", "hold": True, "skip": 2, "times": 1},
    ]


def test_listed_faults_mask_whatever_may_hold_a_secret(control: Call) -> None:
    headers = {"X-Key": "k-hushed", "Retry-After": "2"}
    control("POST", "faults", {"status": 500, "message": "m-hushed", "headers": headers})
    listed = control("GET", "faults")
    assert ("hushed" in listed.text, listed.json()[0]["headers"]["Retry-After"]) == (False, "2")


def test_integrations_of_all_organisations_are_listed(control: Call, emulator: Emulator, key: str) -> None:
    for owner in (key, emulator.add_organisation()):
        emulator.add_integration(owner, **INTEGRATION)
    assert [integration["rootfi_id"] for integration in control("GET", "integrations").json()] == [1234, 1235]


def test_listed_integrations_mask_the_secret(control: Call, emulator: Emulator, key: str) -> None:
    emulator.add_integration(key, **INTEGRATION)
    assert control("GET", "integrations").json()[0]["client_secret"] == "***"


def test_a_fault_can_be_injected(control: Call, call: Call) -> None:
    injected = control("POST", "faults", {"operation": "read", "status": 503})
    assert (injected.json(), call("GET", "/integrations/1").status_code) == ({"id": 1}, 503)


def test_one_fault_can_be_removed(control: Call, emulator: Emulator) -> None:
    first, second, third = (control("POST", "faults", {"status": 500 + n}).json()["id"] for n in range(3))
    assert control("DELETE", f"faults/{second}").status_code == 204
    assert [fault["id"] for fault in control("GET", "faults").json()] == [first, third]
    emulator.remove_fault(first)
    assert [fault["status"] for fault in control("GET", "faults").json()] == [502]


def test_removing_a_fault_that_is_over_is_404_and_says_why(control: Call, call: Call) -> None:
    fault = control("POST", "faults", {"status": 503}).json()["id"]
    call("GET", "/integrations/1")
    answer = control("DELETE", f"faults/{fault}")
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        404,
        "cannot remove the fault: no waiting fault has the id 1: it has met its requests or was removed",
    )


def test_removing_an_unknown_fault_from_python_raises(emulator: Emulator) -> None:
    with pytest.raises(LookupError, match="has the id 7"):
        emulator.remove_fault(7)


@pytest.mark.parametrize("fault", [{"stat": 503}, {"status": 101}, {"echo": True}, {}, [], None])
def test_a_fault_that_makes_no_sense_is_400(control: Call, fault: Fault) -> None:
    answer = control("POST", "faults", fault)
    assert (answer.status_code, answer.json()["error"].keys()) == (400, {"message", "code", "field"})


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (
            ("POST", "faults", {"hang_up": "after", "status": 1}),
            "status must be a whole number from 200 to 599",
        ),
        (("POST", "faults", {"hang_up": "after", "status": 500}), "hang_up sends no response: remove status"),
        (
            ("POST", "faults", {"operation": "read"}),
            "it has no effect: set what happens, such as status, hold or hang_up",
        ),
        (("POST", "faults", {"body": "\ud800"}), "body: not valid Unicode"),
        (
            ("POST", "faults", {"headers": {"Content-Length": "1"}}),
            "headers: the HTTP server writes content-length: use raw for that",
        ),
        (
            ("POST", "faults", {"status": 500, "integration_type": "xero"}),
            "integration_type: not one of RootFi's 17 types: did you mean XERO?",
        ),
        (
            ("POST", "faults", {"status": 500, "integration_id": 0}),
            "integration_id must be a whole number, 1 or more",
        ),
        (("POST", "faults", {"stat": 500}), "stat is unknown: did you mean status?"),
        (("POST", "faults", {"status": 500, "headers": {"a": 1}}), "headers.a must be text"),
        (
            ("POST", "faults", {"raw": "\ud800"}),
            "raw must be valid Unicode: remove the lone surrogate",
        ),
        (("POST", "faults", []), "the body must be an object"),
        (
            ("PATCH", "settings", {"rate_limit": {"requests": 0}}),
            "rate_limit.requests must be a whole number, 1 or more",
        ),
        (("POST", "organisations", {"api_key": 2710}), "api_key must be text"),
        (
            ("POST", "organisations", {"api_key": "k", "name": "a=b"}),
            'the name of an organisation is 1 to 40 characters without "="',
        ),
        (
            ("POST", "organisations", {"api_key": "k", "name": "\u202eabc"}),
            "the name of an organisation has the character U+202E: remove it",
        ),
    ],
)
def test_refusal_says_what_failed_why_and_what_to_do(control: Call, case: Any, why: str) -> None:
    failed = {
        "faults": "cannot inject the fault",
        "settings": "cannot change the settings",
        "organisations": "cannot add the organisation",
    }
    answer = control(*case)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, f"{failed[case[1]]}: {why}")


@pytest.mark.parametrize(("method", "path"), [("GET", "live?log=x"), ("DELETE", "faults/x")])
def test_number_in_an_address_is_explained(control: Call, method: str, path: str) -> None:
    error = control(method, path).json()["error"]
    assert error["message"] == f"{error['field']} must be a whole number"


def test_faults_can_be_cleared(control: Call, call: Call, emulator: Emulator) -> None:
    emulator.inject(Fault(status=503, times=None))
    assert control("DELETE", "faults").status_code == 204
    assert call("GET", "/integrations/1").status_code == 404


def test_held_requests_can_be_released(
    control: Call, emulator: Emulator, in_background: InBackground
) -> None:
    emulator.inject(Fault(hold=True))
    answer = in_background("GET", "/integrations/1")
    emulator.wait_until_held()
    assert control("POST", "release").status_code == 204
    assert answer.result(PATIENCE).status_code == 404


def test_reset_forgets_everything(control: Call, call: Call, emulator: Emulator, key: str) -> None:
    emulator.add_integration(key, **INTEGRATION)
    assert control("POST", "reset").status_code == 204
    assert (control("GET", "integrations").json(), call("GET", "/integrations/1234").status_code) == ([], 401)


def test_settings_can_be_changed(control: Call, emulator: Emulator) -> None:
    answer = control("PATCH", "settings", {"secrets": "null", "second_post": "conflict"})
    assert (answer.json(), emulator.secrets, emulator.second_post) == (
        Settings(secrets="null", second_post="conflict").model_dump(),
        "null",
        "conflict",
    )


def test_a_setting_left_out_stays(control: Call, emulator: Emulator) -> None:
    emulator.secrets = "null"
    emulator.rate_limit = RateLimit()
    control("PATCH", "settings", {"second_post": "existing"})
    assert (emulator.secrets, emulator.second_post, emulator.rate_limit) == ("null", "existing", RateLimit())


def test_a_rate_limit_can_be_set(control: Call, emulator: Emulator) -> None:
    answer = control("PATCH", "settings", {"rate_limit": {"requests": 5, "retry_after": "date"}})
    limit = RateLimit(requests=5, retry_after="date")
    assert (answer.json()["rate_limit"], emulator.rate_limit) == (limit.model_dump(), limit)


def test_a_rate_limit_can_be_taken_away(control: Call, emulator: Emulator) -> None:
    emulator.rate_limit = RateLimit()
    control("PATCH", "settings", {"rate_limit": None})
    assert emulator.rate_limit is None


@pytest.mark.parametrize(
    "settings", [{"secrets": "unknown"}, {"secret": "null"}, {"rate_limit": {"requests": 0}}]
)
def test_an_unknown_setting_is_400(control: Call, settings: dict[str, Any]) -> None:
    assert control("PATCH", "settings", settings).status_code == 400


def test_an_organisation_can_be_added(control: Call, call: Call) -> None:
    answer = control("POST", "organisations", {"api_key": "k-hushed", "name": "dev"})
    assert answer.json() == {"id": 124, "name": "dev", "api_key": "***", "made_up_key": None}
    assert call("GET", "/integrations/1", headers={"api_key": "k-hushed"}).status_code == 404


def test_organisation_without_a_key_gets_one_that_is_shown(control: Call, call: Call) -> None:
    key = control("POST", "organisations", {}).json()["made_up_key"]
    assert call("GET", "/integrations/1", headers={"api_key": key}).status_code == 404


@pytest.mark.parametrize(
    "body", [{"api_key": "twice-hushed"}, {"api_key": "two hushed words"}, {"api_key": 2710}]
)
def test_a_key_that_cannot_be_had_is_400_and_not_repeated(
    control: Call, emulator: Emulator, body: Any
) -> None:
    emulator.add_organisation("twice-hushed")
    answer = control("POST", "organisations", body)
    told = [key for key in ("hushed", "2710") if key in answer.text]
    assert (answer.status_code, told) == (400, [])


def test_every_control_answer_is_json(control: Call) -> None:
    assert [json.loads(control("GET", path).text) for path in ("requests", "integrations")] == [[], []]
