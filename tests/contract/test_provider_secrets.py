"""How the provider stores, compares and sends secrets without showing them, against the emulator."""

from collections.abc import Callable
from typing import Any

import pytest

from rootfi_pulumi.api import errors
from rootfi_pulumi.api.validation import LONGEST_CREDENTIAL
from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.provider.boundary import ProviderError
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from rootfi_pulumi.provider.phrases import CANNOT_DISABLE
from tests.support.contract.plugin import PROPS, SECRET, fresh, outs_of


@pytest.mark.parametrize("secrets", ["masked", "null", "omitted"])
def test_read_keeps_a_secret_that_rootfi_does_not_show(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any], secrets: Any
) -> None:
    emulator.secrets = secrets
    assert provider.read("1234", created).inputs == PROPS


def test_read_keeps_the_digest_of_an_unchanged_secret(
    provider: RootFiIntegrationProvider, variable: dict[str, Any]
) -> None:
    created = outs_of(provider.create(variable))
    assert provider.read("1234", created).inputs == variable


def test_read_digests_a_secret_that_was_changed_outside(
    provider: RootFiIntegrationProvider, emulator: Emulator, variable: dict[str, Any]
) -> None:
    created = outs_of(provider.read("1234", outs_of(provider.create(variable))))
    emulator.edit(1234, client_secret="changed")
    inputs = provider.read("1234", created).inputs
    assert inputs
    assert from_env.matches(inputs["client_secret"], "changed")
    assert provider.diff("1234", inputs, variable).changes


@pytest.mark.parametrize("to_variable", [True, False])
def test_moving_the_same_secret_between_the_two_ways_sends_nothing(
    provider: RootFiIntegrationProvider, emulator: Emulator, variable: dict[str, Any], to_variable: bool
) -> None:
    olds, news = (PROPS, variable) if to_variable else (variable, PROPS)
    state = outs_of(provider.create(olds))
    emulator.forget_requests()
    assert provider.diff("1234", state, news).changes
    outs = outs_of(provider.update("1234", state, news))
    assert outs.keys() == state.keys()
    assert outs["client_secret"] == news["client_secret"]
    assert emulator.calls == []


def test_delete_without_the_variable_uses_the_secret_that_rootfi_shows(
    provider: RootFiIntegrationProvider,
    emulator: Emulator,
    variable: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = outs_of(provider.create(variable))
    monkeypatch.delenv("XERO_SECRET")
    provider.delete("1234", state)
    assert emulator.integration(1234).is_disabled
    assert emulator.integration(1234).client_secret == SECRET


def test_delete_without_any_secret_offers_retain_on_delete(
    provider: RootFiIntegrationProvider,
    emulator: Emulator,
    variable: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = outs_of(provider.create(variable))
    monkeypatch.delenv("XERO_SECRET")
    emulator.secrets = "masked"
    assert state
    with pytest.raises(ProviderError, match=r"XERO_SECRET is not set(?s:.*)retain_on_delete"):
        provider.delete("1234", state)


@pytest.mark.parametrize("way", ["plain", "variable"])
@pytest.mark.parametrize("operation", ["read", "adopt", "update", "delete"])
def test_a_secret_that_rootfi_quotes_from_its_own_store_is_not_shown(
    emulator: Emulator, api_key: str, variable: dict[str, Any], way: str, operation: str
) -> None:
    props = variable if way == "variable" else PROPS
    state = outs_of(fresh(emulator, api_key).create(props))
    emulator.inject(Fault(status=500, message=f"cannot decrypt {SECRET}"))
    provider = fresh(emulator, api_key)
    calls: dict[str, Callable[[], object]] = {
        "read": lambda: provider.read("1234", state),
        "adopt": lambda: provider.create(props | {"adopt": 1234.0}),
        "update": lambda: provider.update("1234", state, props | {"client_secret": "another"}),
        "delete": lambda: provider.delete("1234", state),
    }
    with pytest.raises(errors.ServerError, match=r"cannot decrypt \[secret\]") as raised:
        calls[operation]()
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("way", ["plain", "variable"])
def test_adopting_with_a_masked_secret_sends_the_declared_one_once(
    provider: RootFiIntegrationProvider, emulator: Emulator, api_key: str, variable: dict[str, Any], way: str
) -> None:
    props = variable if way == "variable" else PROPS
    emulator.add_integration(api_key, integration_type="XERO", client_id="app", client_secret="another")
    emulator.secrets = "masked"
    adopted = outs_of(provider.create(props | {"adopt": 1234.0}))
    assert provider.diff("1234", adopted, props).changes
    outs = outs_of(provider.update("1234", adopted, props))
    assert emulator.integration(1234).client_secret == SECRET
    assert not provider.diff("1234", outs, props).changes


def test_delete_with_an_unknown_secret_sends_no_empty_one(
    provider: RootFiIntegrationProvider, emulator: Emulator, api_key: str
) -> None:
    emulator.add_integration(api_key, integration_type="XERO", client_id="app", client_secret="another")
    emulator.secrets = "masked"
    adopted = provider.create(PROPS | {"adopt": 1234.0}).outs
    assert adopted
    with pytest.raises(ProviderError, match=CANNOT_DISABLE):
        provider.delete("1234", adopted)
    assert emulator.integration(1234).client_secret == "another"


@pytest.mark.parametrize("shape", ["v3", "text"])
def test_a_secret_longer_than_what_is_quoted_is_not_quoted_in_part(
    provider: RootFiIntegrationProvider, emulator: Emulator, shape: Any
) -> None:
    emulator.inject(Fault(status=400, echo=True, shape=shape))
    secret = "s" * LONGEST_CREDENTIAL
    with pytest.raises(errors.BadRequest, match=r"client_secret \[secret\]") as raised:
        provider.create(PROPS | {"client_secret": secret})
    assert "sss" not in str(raised.value)
