import json
from typing import Any

import pytest

from rootfi_pulumi.cli.report.deployed import Deployed, read_deployed

INTEGRATION = "pulumi-python:dynamic/rootfi:RootFiIntegration"
PROVIDER = "pulumi:providers:pulumi-python"
URN = f"urn:pulumi:dev::rootfi::{INTEGRATION}::xero"


def exported(provider: dict[str, Any] | None, name: str = "default") -> str:
    urn = f"urn:pulumi:dev::rootfi::{PROVIDER}::{name}"
    resources: list[dict[str, Any]] = [{"urn": URN, "type": INTEGRATION, "id": "1001"}]
    if provider is not None:
        resources[0]["provider"] = f"{urn}::some-id"
        resources.append({"urn": urn, "type": PROVIDER, "id": "some-id", "inputs": provider})
    return json.dumps({"deployment": {"manifest": {"time": "2026-11-25T12:00:00Z"}, "resources": resources}})


def only(text: str) -> Deployed:
    [found] = read_deployed(text)
    return found


def test_base_url_is_the_providers() -> None:
    found = only(exported({"rootfi:baseUrl": "https://api.sa.rootfi.dev"}))
    assert (found.base_url, found.has_stack_key) == ("https://api.sa.rootfi.dev", True)


@pytest.mark.parametrize("base_url", [{}, {"rootfi:baseUrl": {"ciphertext": "v1:x"}}])
def test_base_url_that_is_not_in_the_state_is_unknown(base_url: dict[str, Any]) -> None:
    assert only(exported(base_url)).base_url is None


def test_other_provider_has_another_key() -> None:
    assert not only(exported({}, "other-organisation")).has_stack_key


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        ("rootfi:index:Environment::dev", True),
        ("my:index:Own$rootfi:index:Environment::dev", True),
        ("rootfi:index:Environment::theirs", False),
        ("my:index:Own::dev", False),
        ("pulumi:pulumi:Stack::rootfi-dev", False),
    ],
)
@pytest.mark.parametrize("where", ["resources", "pending_operations"])
def test_only_the_stacks_environment_may_be_in_its_file(parent: str, expected: bool, where: str) -> None:
    resource = {"urn": URN, "type": INTEGRATION, "id": "1001", "parent": f"urn:pulumi:dev::rootfi::{parent}"}
    content = {"resources": [resource], "pending_operations": [{"type": "creating", "resource": resource}]}
    deployment = {"manifest": {"time": "2026-11-25T12:00:00Z"}, where: content[where]}
    assert only(json.dumps({"deployment": deployment})).may_be_in_file is expected


def test_state_without_providers_has_the_stacks_key() -> None:
    assert only(exported(None)) == Deployed(URN, {})


@pytest.mark.parametrize(("member", "name"), [("protect", "protect"), ("retainOnDelete", "retain_on_delete")])
def test_options_of_pulumi_are_read(member: str, name: str) -> None:
    state = json.loads(exported({}))
    assert getattr(only(json.dumps(state)), name) is False
    state["deployment"]["resources"][0][member] = True
    assert getattr(only(json.dumps(state)), name) is True


@pytest.mark.parametrize(
    ("ignored", "differing"),
    [([], ("client_id", "is_disabled")), (["client_id"], ("is_disabled",)), (["*"], ())],
)
def test_adoption_differs_in_what_is_not_ignored(ignored: list[str], differing: tuple[str, ...]) -> None:
    state = json.loads(exported({}))
    outputs = {"differs_in": ["client_id", "is_disabled"]}
    state["deployment"]["resources"][0] |= {"outputs": outputs, "ignoreChanges": ignored}
    assert only(json.dumps(state)).differs_in == differing
