"""Which bodies of requests and responses are valid."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from rootfi_pulumi.api.models import IntegrationType

Create = Callable[..., dict[str, Any]]
Call = Callable[..., requests.Response]

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_timestamps_are_utc_with_milliseconds(call: Call, to_create: dict[str, Any]) -> None:
    answer = call("POST", "/integrations", to_create).json()
    data = answer["data"]
    stamps = [answer["request_timestamp"], answer["response_timestamp"], data["rootfi_created_at"]]
    assert all(TIMESTAMP.fullmatch(stamp) for stamp in [*stamps, data["rootfi_updated_at"]])


@pytest.mark.parametrize("integration_type", list(IntegrationType))
def test_every_documented_type_can_be_created(create: Create, integration_type: str) -> None:
    assert create(integration_type=integration_type)["integration_type"] == integration_type


@pytest.mark.parametrize("value", [True, False, None])
def test_is_rootfi_identity_is_kept_as_sent(create: Create, value: Any) -> None:
    assert create(is_rootfi_identity=value)["is_rootfi_identity"] is value


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"integration_type": ...}, "integration_type"),
        ({"client_id": ...}, "client_id"),
        ({"client_secret": ...}, "client_secret"),
        ({"integration_type": "STRIPE"}, "integration_type"),
        ({"integration_type": "xero"}, "integration_type"),
        ({"client_id": 1}, "client_id"),
        ({"client_id": "\ud800"}, "client_id"),
        ({"client_secret": None}, "client_secret"),
        ({"is_rootfi_identity": "true"}, "is_rootfi_identity"),
        ({"is_rootfi_identity": 1}, "is_rootfi_identity"),
        ({"is_disabled": False}, "is_disabled"),
        ({"rootfi_id": 1}, "rootfi_id"),
    ],
)
def test_post_refuses_what_is_not_documented(
    call: Call, to_create: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    body = {name: value for name, value in {**to_create, **change}.items() if value is not ...}
    answer = call("POST", "/integrations", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"client_id": ...}, "client_id"),
        ({"client_secret": ...}, "client_secret"),
        ({"is_disabled": ...}, "is_disabled"),
        ({"is_disabled": None}, "is_disabled"),
        ({"is_disabled": "false"}, "is_disabled"),
        ({"is_disabled": 0}, "is_disabled"),
        ({"integration_type": "XERO"}, "integration_type"),
        ({"metadata": {}}, "metadata"),
    ],
)
def test_put_refuses_what_is_not_documented(
    create: Create, call: Call, to_replace: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    create()
    body = {name: value for name, value in {**to_replace, **change}.items() if value is not ...}
    answer = call("PUT", "/integrations/1234", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"\\ud800": 1}'])
def test_a_body_that_is_no_object_is_400(call: Call, key: str, body: Any) -> None:
    headers = {"api_key": key, "Content-Type": "application/json"}
    assert call("POST", "/integrations", data=body, headers=headers).status_code == 400


def test_a_missing_member_has_rootfis_code_for_it(call: Call) -> None:
    assert call("POST", "/integrations", {}).json()["error"]["code"] == "missing-params"


def test_a_wrong_member_has_rootfis_code_for_it(call: Call, to_create: dict[str, Any]) -> None:
    answer = call("POST", "/integrations", {**to_create, "client_id": 1})
    assert answer.json()["error"]["code"] == "invalid-params"


def test_an_error_has_the_documented_v3_members(call: Call) -> None:
    error = call("POST", "/integrations", {}).json()
    assert {name: type(value) for name, value in error["error"].items()} == {
        "message": str,
        "code": str,
        "field": str,
    }


@pytest.mark.parametrize(
    "bad", [{"client_id": 1}, {"is_rootfi_identity": "a-secret"}, {"unknown": "a-secret"}]
)
def test_an_error_does_not_repeat_a_secret(
    call: Call, to_create: dict[str, Any], bad: dict[str, Any]
) -> None:
    assert "a-secret" not in call("POST", "/integrations", {**to_create, **bad}).text
