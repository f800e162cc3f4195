"""What a recorded request stores, and what it shows."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.emulator.recording import RecordedRequest, parsed

Call = Callable[..., requests.Response]


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"", None),
        (b'{"a": 1}', {"a": 1}),
        (b"[]", []),
        (b"no json", "no json"),
        (b'{"a": NaN}', '{"a": NaN}'),
        (b"\xff", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_a_body_is_kept_as_json_or_else_as_text(body: Any, kept: Any) -> None:
    assert parsed(body) == kept


@pytest.mark.usefixtures("no_collection")
def test_a_body_nested_too_deep_is_kept_as_text() -> None:
    assert isinstance(parsed(b"[" * 100_000), str)


def request(headers: dict[str, str] | None = None, body: Any = None) -> RecordedRequest:
    return RecordedRequest("POST", "/integrations", 123, headers or {}, body)


@pytest.mark.parametrize(
    "body",
    [
        {"client_secret": "s-hushed"},
        {"secret": "s-hushed"},
        {"client_id": {"nested": "s-hushed"}},
        {"client_id": ["s-hushed"]},
        ["s-hushed"],
        "client_secret=s-hushed",
    ],
)
def test_repr_masks_a_secret_wherever_a_client_puts_it(body: Any) -> None:
    assert "hushed" not in repr(request(body=body))


@pytest.mark.parametrize("name", ["api_key", "authorization", "cookie", "x-key"])
def test_repr_masks_a_key_in_any_header(name: str) -> None:
    assert "hushed" not in repr(request(headers={name: "k-hushed"}))


def test_repr_shows_what_is_no_secret() -> None:
    shown = request({"content-type": "text/plain"}, {"client_id": "an-id", "is_disabled": True}).masked()
    assert (shown["headers"], shown["body"]) == (
        {"content-type": "text/plain"},
        {"client_id": "an-id", "is_disabled": True},
    )


def test_a_request_is_recorded_as_it_arrived(
    call: Call, emulator: Emulator, key: str, to_create: dict[str, Any]
) -> None:
    call("POST", "/integrations", to_create)
    recorded = emulator.requests[0]
    assert (recorded.method, recorded.path, recorded.body, recorded.organisation_id, recorded.status) == (
        "POST",
        "/integrations",
        to_create,
        emulator.organisation_id(key),
        200,
    )


def test_headers_are_recorded_in_plain_and_lower_case(call: Call, emulator: Emulator, key: str) -> None:
    call("GET", "/integrations/1", headers={"API_KEY": key})
    assert emulator.requests[0].headers["api_key"] == key


def test_a_request_without_a_known_key_has_no_organisation(call: Call, emulator: Emulator) -> None:
    call("GET", "/integrations/1", headers={"api_key": "unknown"})
    assert (emulator.requests[0].organisation_id, emulator.requests[0].status) == (None, 401)


def test_calls_are_method_and_path_in_order_of_arrival(
    call: Call, emulator: Emulator, to_create: dict[str, Any], to_replace: dict[str, Any]
) -> None:
    call("POST", "/integrations", to_create)
    call("PUT", "/integrations/1234", to_replace)
    call("GET", "/elsewhere")
    assert emulator.calls == ["POST /integrations", "PUT /integrations/1234", "GET /elsewhere"]


def test_forget_requests_empties_the_log(call: Call, emulator: Emulator) -> None:
    call("GET", "/integrations/1")
    emulator.forget_requests()
    assert emulator.requests == []
