"""The words that explain why a value was rejected."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from rootfi_pulumi.emulator import Fault, Settings
from rootfi_pulumi.emulator.mistakes import explain
from rootfi_pulumi.emulator.models import IntegrationToCreate

XERO: dict[str, Any] = {"integration_type": "XERO", "client_id": "an-id", "client_secret": "s-hushed"}


def why(model: type[BaseModel], value: Any) -> tuple[str, str]:
    with pytest.raises(ValidationError) as raised:
        model.model_validate(value)
    return explain(model, raised.value.errors())


@pytest.mark.parametrize(
    ("model", "value", "wanted"),
    [
        (Fault, {"status": "hushed"}, ("status", "status must be a whole number from 200 to 599")),
        (Fault, {"times": 0}, ("times", "times must be a whole number, 1 or more")),
        (Fault, {"delay": "hushed"}, ("delay", "delay must be a number, 0 or more")),
        (Fault, {"hold": "hushed"}, ("hold", "hold must be true or false")),
        (Fault, {"operation": "hushed"}, ("operation", 'operation must be "create", "read" or "update"')),
        (Fault, {"raw": ""}, ("raw", "raw must be text that is not empty")),
        (Fault, {"headers": "hushed"}, ("headers", "headers must be an object")),
        (Fault, {"headers": {"X": ["hushed"]}}, ("headers.X", "headers.X must be text")),
        (Fault, {"other": 1}, ("other", "other is unknown: remove it")),
        (Fault, {"x" * 999: 1}, ("x" * 80 + "…", "x" * 80 + "… is unknown: remove it")),
        (Fault, "hushed", ("", "the body must be an object")),
        (
            Settings,
            {"post": {"status": 204}},
            ("post.status", "post.status must be a whole number from 200 to 203"),
        ),
        (Settings, {"post": 1}, ("post", "post must be an object")),
        (Settings, {"rate_limit": 1}, ("rate_limit", "rate_limit must be an object")),
        (
            Settings,
            {"rate_limit": {"seconds": 0}},
            ("rate_limit.seconds", "rate_limit.seconds must be a number above 0"),
        ),
        (
            Settings,
            {"missing_member": "hushed"},
            ("missing_member", 'missing_member must be a whole number from 400 to 499 or "accepted"'),
        ),
        (
            IntegrationToCreate,
            XERO | {"is_disabled": True},
            ("is_disabled", "is_disabled is unknown: remove it"),
        ),
        (IntegrationToCreate, XERO | {"client_id": "\udcff"}, ("client_id", "client_id: not valid Unicode")),
        (IntegrationToCreate, {**XERO, "client_id": 1}, ("client_id", "client_id must be text")),
    ],
)
def test_explanation_names_the_member_and_what_it_must_be(
    model: type[BaseModel], value: Any, wanted: tuple[str, str]
) -> None:
    assert why(model, value) == wanted


def test_explanation_of_a_missing_member_says_to_add_it() -> None:
    assert why(IntegrationToCreate, {"client_id": "a"})[1].endswith("is missing: add it")


def test_long_choice_is_not_listed() -> None:
    _, text = why(IntegrationToCreate, XERO | {"integration_type": "hushed"})
    assert (text.startswith("integration_type must be one of "), len(text) < 90) == (True, True)
