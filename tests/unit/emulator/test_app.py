"""The three endpoints behave as RootFi documents them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, MethodAnswers, Settings, state
from tests.support.patience import PATIENCE

Create = Callable[..., dict[str, Any]]
Call = Callable[..., requests.Response]

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_post_answers_the_documented_members(create: Create, emulator: Emulator, key: str) -> None:
    data = create()
    assert {name: value for name, value in data.items() if not name.endswith("_at")} == {
        "integration_type": "XERO",
        "rootfi_integration_type": "XERO",
        "rootfi_id": 1234,
        "rootfi_organisation_id": emulator.organisation_id(key),
        "rootfi_company_id": None,
        "client_id": "an-id",
        "client_secret": "a-secret",
        "is_disabled": False,
        "is_rootfi_identity": False,
        "metadata": {},
    }


def test_an_answer_has_the_documented_envelope(call: Call, to_create: dict[str, Any]) -> None:
    answer = call("POST", "/integrations", to_create).json()
    assert answer.keys() == {"data", "request_timestamp", "response_timestamp", "request_id"}


def test_every_answer_has_its_own_request_id(call: Call, to_create: dict[str, Any]) -> None:
    ids = {call("POST", "/integrations", to_create).json()["request_id"] for _ in range(2)}
    assert [bool(UUID.fullmatch(request_id)) for request_id in ids] == [True, True]


def test_ids_count_up_over_all_organisations(
    call: Call, emulator: Emulator, to_create: dict[str, Any]
) -> None:
    other = emulator.add_organisation()
    ids = [
        call("POST", "/integrations", to_create).json()["data"]["rootfi_id"],
        call("POST", "/integrations", to_create, headers={"api_key": other}).json()["data"]["rootfi_id"],
    ]
    assert ids == [1234, 1235]


def test_get_answers_what_post_answered(create: Create, call: Call) -> None:
    data = create()
    assert call("GET", f"/integrations/{data['rootfi_id']}").json()["data"] == data


def test_put_replaces_the_members_of_its_body(create: Create, call: Call, to_replace: dict[str, Any]) -> None:
    create()
    data = call("PUT", "/integrations/1234", to_replace).json()["data"]
    assert {name: data[name] for name in to_replace} == to_replace


def test_put_without_is_rootfi_identity_sets_it_back_to_its_default(
    create: Create, call: Call, to_replace: dict[str, Any]
) -> None:
    create(is_rootfi_identity=True)
    assert call("PUT", "/integrations/1234", to_replace).json()["data"]["is_rootfi_identity"] is False


def test_put_keeps_type_and_creation(create: Create, call: Call, to_replace: dict[str, Any]) -> None:
    before = create()
    after = call("PUT", "/integrations/1234", to_replace).json()["data"]
    kept = ("integration_type", "rootfi_id", "rootfi_created_at", "rootfi_organisation_id")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


def test_put_moves_rootfi_updated_at(
    create: Create, call: Call, to_replace: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    create()
    later = "2999-08-10T15:00:00.000Z"
    monkeypatch.setattr(state, "timestamp", lambda: later)
    assert call("PUT", "/integrations/1234", to_replace).json()["data"]["rootfi_updated_at"] == later


@pytest.mark.parametrize("headers", [{}, {"api_key": "unknown"}, {"Authorization": "Bearer x"}])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/integrations", '{"integration_type": "XERO", "client_id": "a", "client_secret": "b"}'),
        ("POST", "/integrations", "no json"),
        ("GET", "/integrations/1234", ""),
        ("GET", "/integrations/no-number", ""),
        ("PUT", "/integrations/1234", "{}"),
    ],
)
def test_without_a_known_key_everything_is_401(
    call: Call, method: str, path: str, body: Any, headers: dict[str, str]
) -> None:
    answer = call(method, path, data=body, headers={"Content-Type": "application/json", **headers})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")


def test_a_refused_post_creates_nothing(
    call: Call, emulator: Emulator, key: str, to_create: dict[str, Any]
) -> None:
    call("POST", "/integrations", to_create, headers={})
    assert emulator.integrations(key) == []


def test_get_of_an_unknown_id_is_404(call: Call) -> None:
    assert call("GET", "/integrations/99").status_code == 404


def test_put_to_an_unknown_id_is_404(call: Call, to_replace: dict[str, Any]) -> None:
    assert call("PUT", "/integrations/99", to_replace).status_code == 404


def test_get_of_another_organisations_integration_is_404(
    create: Create, call: Call, emulator: Emulator
) -> None:
    create()
    assert (
        call("GET", "/integrations/1234", headers={"api_key": emulator.add_organisation()}).status_code == 404
    )


def test_put_to_another_organisations_integration_changes_nothing(
    create: Create, call: Call, emulator: Emulator, to_replace: dict[str, Any]
) -> None:
    create()
    call("PUT", "/integrations/1234", to_replace, headers={"api_key": emulator.add_organisation()})
    assert emulator.integration(1234).client_id == "an-id"


def test_an_id_that_is_no_whole_number_is_400(call: Call) -> None:
    assert call("GET", "/integrations/unresolved-1").json()["error"]["field"] == "integration_id"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/integrations", 405),
        ("DELETE", "/integrations/1234", 405),
        ("PATCH", "/integrations/1234", 405),
        ("POST", "/integrations/", 404),
        ("GET", "/", 404),
        ("GET", "/v3/integrations/1234", 404),
        ("GET", "/docs", 404),
        ("GET", "/openapi.json", 404),
    ],
)
def test_there_are_no_other_endpoints(call: Call, method: str, path: str, status: int) -> None:
    answer = call(method, path)
    assert (answer.status_code, answer.json()["error"].keys()) == (status, {"message", "code", "field"})


@pytest.mark.parametrize(("path", "allowed"), [("/integrations", "POST"), ("/integrations/1234", "GET, PUT")])
def test_a_wrong_method_is_answered_with_the_right_ones(call: Call, path: str, allowed: str) -> None:
    assert call("OPTIONS", path).headers["Allow"] == allowed


@pytest.mark.parametrize(
    ("secrets", "answered"), [("plain", "a-secret"), ("masked", "********"), ("null", None), ("omitted", ...)]
)
def test_secrets_says_how_client_secret_is_answered(
    call: Call, emulator: Emulator, to_create: dict[str, Any], secrets: Any, answered: Any
) -> None:
    emulator.secrets = secrets
    to_replace = {"client_id": "an-id", "client_secret": "a-secret", "is_disabled": False}
    answers = [
        call("POST", "/integrations", to_create),
        call("GET", "/integrations/1234"),
        call("PUT", "/integrations/1234", to_replace),
    ]
    assert [answer.json()["data"].get("client_secret", ...) for answer in answers] == [answered] * 3


def test_mask_is_the_text_of_a_masked_secret(
    call: Call, emulator: Emulator, to_create: dict[str, Any]
) -> None:
    emulator.settings = Settings(secrets="masked", mask="[REDACTED]", post=MethodAnswers(mask="4f2a"))
    answers = [call("POST", "/integrations", to_create), call("GET", "/integrations/1234")]
    assert [answer.json()["data"]["client_secret"] for answer in answers] == ["4f2a", "[REDACTED]"]


def test_a_type_that_rootfi_adds_later_can_be_read(call: Call, emulator: Emulator, key: str) -> None:
    emulator.add_integration(key, integration_type="STRIPE", client_id="a", client_secret="b")
    assert call("GET", "/integrations/1234").json()["data"]["integration_type"] == "STRIPE"


@pytest.fixture
def document(emulator: Emulator) -> Any:
    return requests.get(f"{emulator.url}/_emulator/openapi.json", timeout=PATIENCE).json()


def test_the_document_has_the_three_endpoints_and_nothing_else(document: dict[str, Any]) -> None:
    operations = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert operations == {
        ("post", "/integrations"),
        ("get", "/integrations/{integration_id}"),
        ("put", "/integrations/{integration_id}"),
    }


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("post", "/integrations", {"200", "400", "401", "409", "429"}),
        ("get", "/integrations/{integration_id}", {"200", "400", "401", "404", "429"}),
        ("put", "/integrations/{integration_id}", {"200", "400", "401", "404", "429"}),
    ],
)
def test_the_document_lists_the_statuses_that_occur(
    document: dict[str, Any], method: str, path: str, statuses: set[str]
) -> None:
    assert document["paths"][path][method]["responses"].keys() == statuses


def test_the_document_knows_none_of_fastapis_own_errors(document: dict[str, Any]) -> None:
    assert not any("Validation" in name for name in document["components"]["schemas"])


def test_the_document_asks_for_the_key_everywhere(document: dict[str, Any]) -> None:
    wanted = [operation["security"] for path in document["paths"].values() for operation in path.values()]
    assert wanted == [[{"api_key": []}]] * 3


def test_the_document_names_the_header_of_the_key(document: dict[str, Any]) -> None:
    scheme = {"type": "apiKey", "in": "header", "name": "api_key"}
    assert document["components"]["securitySchemes"] == {"api_key": scheme}
