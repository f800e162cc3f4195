"""The client against the emulator's OpenAPI document: the bodies it sends, the responses it reads, the types it knows."""

import copy
from dataclasses import fields
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.models import GREATEST_ID, Integration, IntegrationType
from rootfi_pulumi.api.printable import replace_unprintable
from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.emulator.app import Application
from rootfi_pulumi.emulator.state import State
from rootfi_pulumi.emulator.traffic import Traffic

JSON = "application/json"
DOCUMENT = Application(State(), Traffic()).openapi()
SCHEMAS = DOCUMENT["components"]["schemas"]
# https://docs.integrationlabs.co/api-reference/v2/core/integrations/create-integrations, in its order.
ROOTFIS_TYPES = [
    "ZOHO_BOOKS",
    "QUICKBOOKS_SANDBOX",
    "QUICKBOOKS",
    "XERO",
    "TALLY",
    "SAGE_CLOUD_ACCOUNTING",
    "MS_DYNAMICS_365",
    "SAGE_ZA_CLOUD_ACCOUNTING",
    "MYOB_BUSINESS",
    "WAVE",
    "ODOO_ACCOUNTING",
    "NETSUITE",
    "WAFEQ",
    "MEKARI_JURNAL",
    "BUSY",
    "ROOTFI_SANDBOX",
    "QOYOD",
]


def request_schema(method: str, path: str) -> dict[str, Any]:
    reference = DOCUMENT["paths"][path][method]["requestBody"]["content"][JSON]["schema"]["$ref"]
    schema: dict[str, Any] = SCHEMAS[reference.rpartition("/")[2]]
    return schema


def violations(body: Any, schema: dict[str, Any]) -> list[str]:
    """Return where a body violates the schema: an unknown or missing member, or a wrong type."""
    # References start at the root of the document.
    validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    return [error.message for error in validator.iter_errors(body)]


def answers() -> st.SearchStrategy[dict[str, Any]]:
    """Generate every response that the document allows, with an id that Pulumi can transport.

    schemathesis generates only requests, so it gets a document whose request has the schema of the response.
    """
    components = copy.deepcopy(DOCUMENT["components"])
    components["schemas"]["Integration"]["properties"]["rootfi_id"] |= {"maximum": GREATEST_ID}
    content = DOCUMENT["paths"]["/integrations"]["post"]["responses"]["200"]["content"]
    turned = {
        "openapi": DOCUMENT["openapi"],
        "info": DOCUMENT["info"],
        "components": components,
        "paths": {"/": {"post": {"requestBody": {"content": content, "required": True}, "responses": {}}}},
    }
    cases = schemathesis.openapi.from_dict(turned)["/"]["POST"].as_strategy()

    def body_of(case: schemathesis.Case[Any]) -> dict[str, Any]:
        assert isinstance(case.body, dict)
        return case.body

    return cases.map(body_of)


@pytest.mark.parametrize("is_rootfi_identity", [True, False])
@pytest.mark.parametrize("integration_type", list(IntegrationType))
def test_a_create_is_the_documented_request(
    client: RootFiClient, emulator: Emulator, integration_type: str, is_rootfi_identity: bool
) -> None:
    client.create_integration(
        integration_type=integration_type,
        client_id="an-id",
        client_secret="a-secret",
        is_rootfi_identity=is_rootfi_identity,
    )
    assert violations(emulator.requests[0].body, request_schema("post", "/integrations")) == []


@pytest.mark.parametrize("is_rootfi_identity", [True, False])
@pytest.mark.parametrize("is_disabled", [True, False])
def test_an_update_is_the_documented_request(
    client: RootFiClient, emulator: Emulator, api_key: str, is_disabled: bool, is_rootfi_identity: bool
) -> None:
    emulator.add_integration(api_key, integration_type="XERO", client_id="an-id", client_secret="a-secret")
    client.update_integration(
        1234,
        client_id="new-id",
        client_secret="new-secret",
        is_disabled=is_disabled,
        is_rootfi_identity=is_rootfi_identity,
    )
    body = emulator.requests[0].body
    assert violations(body, request_schema("put", "/integrations/{integration_id}")) == []


@pytest.mark.parametrize(
    "body",
    [
        {"integration_type": "XERO", "client_id": "an-id"},
        {"integration_type": "XERO", "client_id": "an-id", "client_secret": "a-secret", "is_disabled": False},
        {"integration_type": "XERO", "client_id": "an-id", "client_secret": 1},
        {"integration_type": "STRIPE", "client_id": "an-id", "client_secret": "a-secret"},
    ],
)
def test_a_request_that_is_not_documented_would_be_found_out(body: dict[str, Any]) -> None:
    assert len(violations(body, request_schema("post", "/integrations"))) == 1


@pytest.mark.parametrize(
    "types", [[kind.value for kind in IntegrationType], SCHEMAS["IntegrationType"]["enum"]]
)
def test_the_types_of_client_and_document_are_rootfis(types: list[str]) -> None:
    assert types == ROOTFIS_TYPES


def test_every_member_that_the_client_reads_is_documented() -> None:
    read = {field.name for field in fields(Integration)}
    assert read - SCHEMAS["Integration"]["properties"].keys() == set()


def as_shown(value: Any) -> Any:
    """Control characters are replaced in texts of the first level, and in the names of what is nested."""
    return replace_unprintable(value) if isinstance(value, str) else with_printable_names(value)


def with_printable_names(value: Any) -> Any:
    if isinstance(value, list):
        return [with_printable_names(each) for each in value]
    if isinstance(value, dict):
        return {replace_unprintable(name): with_printable_names(each) for name, each in value.items()}
    return value


@settings(
    max_examples=50,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(answer=answers())
def test_documented_answers_are_read_unchanged_except_control_characters(
    answer: dict[str, Any],
) -> None:
    data = answer["data"]
    read = Integration.parse(data)
    told = {name: as_shown(data.get(name)) for name in vars(read) if name != "client_secret"}
    credentials = {"client_id": told.pop("client_id"), "client_secret": data.get("client_secret")}
    assert {name: getattr(read, name) for name in told} == told | {
        "integration_type": told["integration_type"] or None
    }
    # A masked credential is None; test_masks.py tests which texts are masks.
    assert all(getattr(read, name) in (value, None) for name, value in credentials.items())
