from typing import Any

import pytest

from rootfi_pulumi.cli.report.deployed import Deployed
from rootfi_pulumi.cli.report.reading import Reading
from rootfi_pulumi.cli.report.sharing import holdings_of
from rootfi_pulumi.declaration.model import IntegrationConfig
from rootfi_pulumi.declaration.one_organisation import Holding

URN = "urn:pulumi:dev::rootfi::pulumi-python:dynamic/rootfi:RootFiIntegration::xero"
HERE, SAUDI = "https://api.rootfi.dev", "https://api.sa.rootfi.dev"
CONFIG = {"rootfi:apiKey": {"secure": "v1:x"}, "rootfi:baseUrl": HERE}
HELD = {"integration_type": "XERO", "rootfi_id": 1001.0}


def declared(**more: Any) -> Reading:
    xero = {"integration_type": "XERO", "client_id": "a", "client_secret": "s"}
    entry = IntegrationConfig.model_validate(xero | more)
    return Reading("dev", {"xero": entry})


def only(reading: Reading, config: dict[str, Any] = CONFIG) -> Holding:
    [holding] = holdings_of(reading, config)
    return holding


def test_declared_entry_is_of_the_files_server_and_key() -> None:
    expected = Holding("dev", "xero", "XERO", frozenset({1001}), HERE, b"")
    assert only(declared(adopt=1001)) == expected


def test_declared_entry_without_adopt_has_no_id() -> None:
    assert only(declared()).rootfi_ids == frozenset()


def test_managed_one_is_of_its_providers_server() -> None:
    managed = Deployed(URN, HELD, base_url=SAUDI)
    expected = Holding("dev", "xero", "XERO", frozenset({1001}), SAUDI, b"")
    assert only(Reading("dev", None, [managed])) == expected


def test_managed_one_of_another_provider_has_an_unknown_key() -> None:
    assert only(Reading("dev", None, [Deployed(URN, HELD, has_stack_key=False)])).key is None


@pytest.mark.parametrize("members", [{}, {"rootfi_id": {"ciphertext": "x"}, "integration_type": {"a": 1}}])
def test_members_that_are_not_known_share_nothing(members: dict[str, Any]) -> None:
    found = only(Reading("dev", None, [Deployed(URN, members)]))
    assert (found.integration_type, found.rootfi_ids) == ("", frozenset())


def test_key_that_is_not_in_the_config_is_unknown() -> None:
    assert only(declared(), {}) == Holding("dev", "xero", "XERO")


def test_encrypted_base_url_is_unknown() -> None:
    assert only(declared(), {"rootfi:baseUrl": {"secure": "v1:x"}}).base_url is None
