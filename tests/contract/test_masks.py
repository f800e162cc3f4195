"""A mask of any text causes no drift and is never sent to RootFi as a secret."""

from typing import Any

import pytest

from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.emulator import Emulator, MethodAnswers, Settings
from rootfi_pulumi.provider.boundary import ProviderError
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from rootfi_pulumi.provider.phrases import CANNOT_DISABLE, CANNOT_UPDATE
from tests.support.contract.plugin import PROPS, SECRET, outs_of
from tests.support.contract.sdk_call import call

# The last one can be recognised only by RootFi's response to a POST or PUT.
MASKS = ["[REDACTED]", "xxxxxxxx", "**", "####", "●●●●", "sk_live_…4f2a", "<hidden>", "4f2a"]
UNRECOGNISED = MASKS[-1]
BY_HAND = "rotated-by-hand"


@pytest.fixture(params=["plain", "variable"])
def props(request: pytest.FixtureRequest, variable: dict[str, Any]) -> dict[str, Any]:
    """An integration's props, with the secret given directly or by `from_env`."""
    return variable if request.param == "variable" else PROPS


@pytest.fixture(params=MASKS)
def mask(request: pytest.FixtureRequest, emulator: Emulator) -> str:
    """The text that RootFi returns as every client_secret."""
    emulator.settings = Settings(secrets="masked", mask=request.param)
    return str(request.param)


def sent(emulator: Emulator) -> set[str | None]:
    return {request.body_member("client_secret") for request in emulator.requests} - {None}


def test_mask_is_no_drift(provider: RootFiIntegrationProvider, props: dict[str, Any], mask: str) -> None:
    created = outs_of(provider.create(props))
    assert provider.read("1234", created).outs == created
    updated = outs_of(provider.update("1234", created, props | {"client_id": "b"}))
    read = provider.read("1234", updated)
    assert read.outs == updated
    assert mask not in str(updated)
    assert not provider.diff("1234", updated, props | {"client_id": "b"}).changes


def test_mask_is_not_sent_by_an_adopted_one(
    provider: RootFiIntegrationProvider, emulator: Emulator, api_key: str, props: dict[str, Any], mask: str
) -> None:
    emulator.add_integration(api_key, integration_type="XERO", client_id="app", client_secret=SECRET)
    adopted = outs_of(provider.create(props | {"adopt": 1234.0}))
    read = provider.read("1234", adopted)
    assert (read.outs or {})["client_secret"] == from_env.unknown(props["client_secret"])
    assert mask not in str(read.outs)
    with pytest.raises(ProviderError, match="ignore_changes"):
        call(provider.update, "1234", outs_of(read), props | {"client_id": "b"}, ignored=["client_secret"])
    outs = outs_of(provider.update("1234", outs_of(read), props | {"is_disabled": True}))
    assert (sent(emulator), emulator.integration(1234).client_secret) == ({SECRET}, SECRET)
    assert provider.read("1234", outs).outs == outs


def test_mask_is_not_sent_by_delete(
    provider: RootFiIntegrationProvider,
    emulator: Emulator,
    variable: dict[str, Any],
    mask: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    created = outs_of(provider.create(variable))
    monkeypatch.delenv("XERO_SECRET")
    with pytest.raises(ProviderError, match=r"XERO_SECRET is not set(?s:.*)retain_on_delete"):
        provider.delete("1234", created)
    assert sent(emulator) == {SECRET}


def test_mask_that_changes_is_drift_without_its_text(
    provider: RootFiIntegrationProvider, emulator: Emulator, props: dict[str, Any]
) -> None:
    emulator.settings = Settings(secrets="masked", mask=UNRECOGNISED)
    created = outs_of(provider.create(props))
    emulator.settings = Settings(secrets="masked", mask="9c1b")
    read = provider.read("1234", created)
    assert provider.diff("1234", outs_of(read), props).changes
    outs = outs_of(provider.update("1234", outs_of(read), props))
    assert sent(emulator) == {SECRET}
    assert provider.read("1234", outs).outs == outs


@pytest.mark.parametrize("post", ["masked", "null"])
def test_rotation_in_clear_is_drift_where_post_shows_none(
    provider: RootFiIntegrationProvider, emulator: Emulator, props: dict[str, Any], post: Any
) -> None:
    emulator.settings = Settings(post=MethodAnswers(secrets=post, mask=UNRECOGNISED))
    created = outs_of(provider.read("1234", outs_of(provider.create(props))))
    assert not provider.diff("1234", created, props).changes
    emulator.edit(1234, client_secret=BY_HAND)
    read = provider.read("1234", created)
    assert provider.diff("1234", outs_of(read), props).changes
    assert (read.inputs or {})["client_secret_version"] == 2
    provider.update("1234", outs_of(read), props)
    assert emulator.integration(1234).client_secret == SECRET


@pytest.mark.parametrize("mask", [SECRET[-4:], "xxxxxxxxxxxx4f2a"])
def test_mask_that_only_a_get_shows_is_not_sent(
    provider: RootFiIntegrationProvider, emulator: Emulator, props: dict[str, Any], mask: str
) -> None:
    emulator.settings = Settings(get=MethodAnswers(secrets="masked", mask=mask))
    created = outs_of(provider.create(props))
    with pytest.raises(ProviderError, match=CANNOT_UPDATE):
        call(provider.update, "1234", created, props | {"client_id": "b"}, ignored=["client_secret"])
    provider.delete("1234", created)
    assert sent(emulator) == {SECRET}


def test_mask_shown_only_by_get_is_no_drift_once_the_secret_is_sent(
    provider: RootFiIntegrationProvider, emulator: Emulator, props: dict[str, Any]
) -> None:
    emulator.settings = Settings(get=MethodAnswers(secrets="masked", mask="4f2a"))
    read = provider.read("1234", outs_of(provider.create(props)))
    assert provider.diff("1234", outs_of(read), props).changes
    outs = outs_of(provider.update("1234", outs_of(read), props))
    again = outs_of(provider.read("1234", outs))
    assert again == outs
    assert not provider.diff("1234", again, props).changes


def test_delete_of_an_uncertain_secret_sends_none(
    provider: RootFiIntegrationProvider, emulator: Emulator, api_key: str
) -> None:
    emulator.add_integration(api_key, integration_type="XERO", client_id="app", client_secret=BY_HAND)
    adopted = outs_of(provider.create(PROPS | {"adopt": 1234.0}))
    with pytest.raises(ProviderError, match=CANNOT_DISABLE):
        provider.delete("1234", adopted)
    assert sent(emulator) == set()


def test_state_without_the_output_sends_no_other_secret(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any]
) -> None:
    del created["client_secret_shown"]
    emulator.edit(1234, client_secret=BY_HAND)
    emulator.forget_requests()
    with pytest.raises(ProviderError, match=CANNOT_DISABLE):
        provider.delete("1234", outs_of(provider.read("1234", created)))
    assert sent(emulator) == set()
