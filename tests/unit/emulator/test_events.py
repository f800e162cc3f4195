"""What the page's log says about a request: what it did, the response, and what the client received."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, Fault, RateLimit, Settings
from tests.support.patience import PATIENCE

Call = Callable[..., requests.Response]
Send = Callable[..., socket.socket]
Last = Callable[[], dict[str, Any]]

XERO: dict[str, Any] = {"integration_type": "XERO", "client_id": "app-6", "client_secret": "s-hushed"}
UPDATE: dict[str, Any] = {"client_id": "app-6", "client_secret": "s-hushed", "is_disabled": False}


@pytest.fixture
def last(emulator: Emulator) -> Last:
    """Return the last request as the page receives it."""

    def last() -> dict[str, Any]:
        news = requests.get(f"{emulator.url}/_emulator/live", timeout=PATIENCE).json()
        record: dict[str, Any] = news["requests"][-1]
        return record

    return last


@pytest.fixture
def dev(emulator: Emulator) -> dict[str, str]:
    """The headers of a client of the organisation "dev"."""
    return {"api_key": emulator.add_organisation(name="dev")}


def test_create_shows_the_new_id(call: Call, last: Last) -> None:
    call("POST", "/integrations", XERO)
    assert last()["event"] == {
        "integration_type": "XERO",
        "client_id": "app-6",
        "rootfi_id": 1234,
        "organisation": "org 123",
        "what": "created",
        "line": "XERO · app-6 → 1234 · org 123",
    }


def test_request_shows_the_name_of_its_organisation(call: Call, last: Last, dev: dict[str, str]) -> None:
    call("POST", "/integrations", XERO, headers=dev)
    assert (last()["organisation_name"], last()["event"]["line"]) == ("dev", "XERO · app-6 → 1234 · dev")


@pytest.mark.parametrize(
    "case",
    [
        (UPDATE | {"is_disabled": True}, "1234 · XERO · app-6 · disabled · dev"),
        (UPDATE | {"client_id": "app-7"}, "1234 · XERO · app-7 · updated · dev"),
        (UPDATE, "1234 · XERO · app-6 · unchanged · dev"),
        ({}, "1234 · XERO · app-6 · refused: client_id is missing: add it · dev"),
    ],
)
def test_update_shows_what_it_changed(
    emulator: Emulator, call: Call, last: Last, dev: dict[str, str], case: tuple[Any, str]
) -> None:
    body, line = case
    emulator.add_integration(dev["api_key"], **XERO)
    call("PUT", "/integrations/1234", body, headers=dev)
    assert last()["event"]["line"] == line


def test_update_that_enables_says_so(emulator: Emulator, call: Call, last: Last, dev: dict[str, str]) -> None:
    emulator.add_integration(dev["api_key"], **XERO, is_disabled=True)
    call("PUT", "/integrations/1234", UPDATE, headers=dev)
    assert last()["event"]["what"] == "enabled"


def test_read_shows_what_was_read(emulator: Emulator, call: Call, last: Last, dev: dict[str, str]) -> None:
    emulator.add_integration(dev["api_key"], **XERO)
    call("GET", "/integrations/1234", headers=dev)
    assert last()["event"]["line"] == "1234 · XERO · app-6 · read · dev"


@pytest.mark.parametrize(
    ("second_post", "what"),
    [
        ("create", "created"),
        ("conflict", "refused: an integration of this type exists already"),
        ("existing", "returned the existing one"),
        ("replace", "replaced the existing one"),
    ],
)
def test_second_create_shows_what_it_did(
    emulator: Emulator, call: Call, last: Last, second_post: Any, what: str
) -> None:
    emulator.second_post = second_post
    for _ in range(2):
        call("POST", "/integrations", XERO)
    assert last()["event"]["what"] == what


def test_id_has_the_format_of_the_settings(emulator: Emulator, call: Call, last: Last) -> None:
    emulator.settings = Settings(id_format="uuid")
    uuid = call("POST", "/integrations", XERO).json()["data"]["rootfi_id"]
    assert last()["event"]["rootfi_id"] == uuid


@pytest.mark.parametrize(
    ("path", "headers", "line"),
    [
        ("/integrations/77", None, "77 · refused: no such integration · org 123"),
        ("/integrations/x", None, "x · refused: integration_id must be a whole number · "),
        ("/elsewhere", None, "refused: Not Found · org 123"),
        ("/integrations/77", {"api_key": "none"}, "77 · refused: the API key is missing or unknown"),
    ],
)
def test_refused_request_shows_why(call: Call, last: Last, path: str, headers: Any, line: str) -> None:
    call("GET", path, **({"headers": headers} if headers else {}))
    assert last()["event"]["line"].startswith(line)


def test_rate_limit_shows_as_the_reason(emulator: Emulator, call: Call, last: Last) -> None:
    emulator.rate_limit = RateLimit(requests=1, seconds=3600)
    for _ in range(2):
        call("GET", "/integrations/1")
    assert (last()["event"]["what"], last()["received"]) == ("refused: Too Many Requests", "all")


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        ({"hang_up": "before"}, ("not processed", None, "nothing")),
        ({"hang_up": "after"}, ("created", 200, "nothing")),
        ({"status": 500}, ("not processed", 500, "all")),
        ({"status": 500, "processed": True}, ("created", 500, "all")),
        ({"raw": b"no HTTP"}, ("not processed", None, "raw")),
        ({"raw": b"no HTTP", "processed": True}, ("created", None, "raw")),
        ({"delay": 0.01}, ("created", 200, "all")),
        ({"trickle": 0.0001}, ("created", 200, "all")),
    ],
)
def test_fault_shows_effect_response_and_what_arrived(
    emulator: Emulator, send: Send, last: Last, fault: Any, wanted: tuple[Any, ...]
) -> None:
    emulator.inject(Fault(**fault))
    with send("POST", "/integrations", XERO) as client:
        read_until(client, lambda: last()["received"] is not None)
    shown = last()
    response = shown["response"] or {"status": None}
    assert (shown["event"]["what"], response["status"], shown["received"]) == wanted


def read_until(client: socket.socket, is_over: Callable[[], bool]) -> None:
    client.settimeout(PATIENCE)
    while not is_over():
        client.recv(1 << 16)


def test_response_is_shown_with_its_secret_masked(call: Call, last: Last) -> None:
    call("POST", "/integrations", XERO)
    response = last()["response"]
    data = response["body"]["data"]
    assert (response["status"], response["headers"]["content-type"]) == (200, "application/json")
    assert (data["rootfi_id"], data["client_id"], data["client_secret"]) == (1234, "app-6", "***")
    assert int(response["headers"]["content-length"]) == response["bytes"]


def test_secret_that_rootfi_hides_as_null_is_shown_as_null(
    emulator: Emulator, call: Call, last: Last
) -> None:
    emulator.secrets = "null"
    call("POST", "/integrations", XERO)
    assert last()["response"]["body"]["data"]["client_secret"] is None


def test_message_of_the_emulator_is_shown(call: Call, last: Last) -> None:
    call("GET", "/integrations/77")
    assert last()["response"]["body"]["error"]["message"] == "no such integration"


@pytest.mark.parametrize("shape", ["v3", "write", "v4", "text", "html"])
def test_message_of_a_fault_is_masked(emulator: Emulator, call: Call, last: Last, shape: Any) -> None:
    emulator.inject(Fault(status=500, echo=True, shape=shape))
    call("POST", "/integrations", XERO)
    assert ("hushed" in str(last()), "***" in str(last()["response"]["body"])) == (False, True)


def test_client_that_left_received_nothing(emulator: Emulator, call: Call, send: Send, last: Last) -> None:
    emulator.inject(Fault(hold=True))
    with send("POST", "/integrations", XERO):
        emulator.wait_until_held()
    call("GET", "/integrations/1")  # the emulator has noticed the earlier end when it answers this
    emulator.release()
    while (shown := first_request(emulator))["received"] is None:
        pass
    assert (shown["event"]["what"], shown["received"]) == ("created", "nothing")


def test_client_that_leaves_meanwhile_received_a_part(emulator: Emulator, send: Send) -> None:
    emulator.inject(Fault(body="x" * 10_000, trickle=0.001))
    with send("GET", "/integrations/1") as client:
        client.recv(1)
    while (shown := first_request(emulator))["received"] is None:
        pass
    assert shown["received"] == "part"


def first_request(emulator: Emulator) -> dict[str, Any]:
    news = requests.get(f"{emulator.url}/_emulator/live", timeout=PATIENCE).json()
    first: dict[str, Any] = news["requests"][0]
    return first


def test_record_stays_small_whatever_a_client_sends(emulator: Emulator, call: Call) -> None:
    members = {f"member-{number}": "x" * 5000 for number in range(500)}
    for _ in range(3):
        call("POST", "/integrations", members | {"client_id": "y" * 1_000_000})
    text = requests.get(f"{emulator.url}/_emulator/live", timeout=PATIENCE).text
    assert len(text) < 3 * 8000


def test_query_shows_names_without_values(call: Call, last: Last) -> None:
    call("GET", "/integrations/1?key=hushed&hushed&empty=")
    assert last()["query"] == "key=***&***&empty=***"
