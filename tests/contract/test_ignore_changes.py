"""Which members `ignore_changes` keeps at RootFi, for each operation, against the emulator."""

import contextlib
from typing import Any

import pytest

from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.provider.boundary import ProviderError
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from tests.support.contract.plugin import PROPS, SECRET, outs_of
from tests.support.contract.sdk_call import call

BY_HAND = "rotated-by-hand"
IGNORED = ["client_secret"]


@pytest.fixture(params=["plain", "variable"])
def props(request: pytest.FixtureRequest, variable: dict[str, Any]) -> dict[str, Any]:
    """An integration's props, with the secret given directly or by `from_env`."""
    return variable if request.param == "variable" else PROPS


@pytest.fixture
def state(provider: RootFiIntegrationProvider, emulator: Emulator, props: dict[str, Any]) -> dict[str, Any]:
    """The refreshed state of 1234, whose secret was then rotated outside Pulumi."""
    outs = outs_of(provider.read("1234", outs_of(provider.create(props))))
    emulator.edit(1234, client_secret=BY_HAND)
    emulator.forget_requests()
    return outs


def test_update_sends_the_live_secret(
    provider: RootFiIntegrationProvider, emulator: Emulator, state: dict[str, Any], props: dict[str, Any]
) -> None:
    outs = call(provider.update, "1234", state, props | {"client_id": "b"}, ignored=IGNORED).outs
    live = emulator.integration(1234)
    assert (live.client_id, live.client_secret) == ("b", BY_HAND)
    assert from_env.matches(outs["client_secret"], BY_HAND)
    assert outs["client_secret_version"] == 2
    assert outs.keys() == state.keys()


def test_update_without_the_message_keeps_a_secret_seen(
    provider: RootFiIntegrationProvider, emulator: Emulator, state: dict[str, Any], props: dict[str, Any]
) -> None:
    inputs = provider.read("1234", state).inputs
    assert inputs
    provider.update("1234", state | inputs, inputs | {"client_id": "b"})
    assert emulator.integration(1234).client_secret == BY_HAND


def test_update_of_a_masked_secret_is_refused_unsent(
    provider: RootFiIntegrationProvider, emulator: Emulator, state: dict[str, Any], props: dict[str, Any]
) -> None:
    emulator.secrets = "masked"
    with pytest.raises(ProviderError, match="Remove client_secret from ignore_changes"):
        call(provider.update, "1234", state, props | {"client_id": "b"}, ignored=IGNORED)
    assert emulator.calls == ["GET /integrations/1234"]


def test_update_does_not_quote_a_live_secret(
    provider: RootFiIntegrationProvider, emulator: Emulator, state: dict[str, Any], props: dict[str, Any]
) -> None:
    emulator.inject(Fault(operation="update", status=400, echo=True))
    with pytest.raises(Exception, match=r"\[secret\]") as raised:
        call(provider.update, "1234", state, props | {"client_id": "b"}, ignored=IGNORED)
    assert BY_HAND not in str(raised.value)


@pytest.mark.parametrize(
    ("member", "by_hand"), [("client_id", "by-hand"), ("is_disabled", True), ("is_rootfi_identity", True)]
)
def test_update_leaves_every_ignored_member_as_it_is(
    provider: RootFiIntegrationProvider,
    emulator: Emulator,
    created: dict[str, Any],
    member: str,
    by_hand: Any,
) -> None:
    emulator.edit(1234, **{member: by_hand})
    news = PROPS | {"client_secret": "declared"}
    outs = call(provider.update, "1234", created, news, ignored=[member]).outs
    live = emulator.integration(1234)
    assert (getattr(live, member), live.client_secret) == (by_hand, "declared")
    assert (outs[member], outs["client_secret"]) == (by_hand, "declared")


@pytest.mark.parametrize("live_secret", [SECRET, BY_HAND])
def test_adopted_one_that_differs_is_not_changed(
    provider: RootFiIntegrationProvider,
    emulator: Emulator,
    api_key: str,
    props: dict[str, Any],
    live_secret: str,
) -> None:
    emulator.add_integration(api_key, integration_type="XERO", client_id="by-hand", client_secret=live_secret)
    outs = outs_of(provider.create(props | {"adopt": 1234.0}))
    assert provider.diff("1234", outs, props).changes
    assert not call(provider.diff, "1234", outs, props, ignored=["*"]).changes
    assert call(provider.diff, "1234", outs, props, ignored=IGNORED).changes
    # A secret other than the declared one may be a mask, because RootFi has not returned ours yet.
    refused = pytest.raises(ProviderError, match="shows what may be a mask")
    with refused if live_secret == BY_HAND else contextlib.nullcontext():
        call(provider.update, "1234", outs, props, ignored=IGNORED)
    live = emulator.integration(1234)
    assert (live.client_id, live.client_secret) == (
        "by-hand" if live_secret == BY_HAND else "app",
        live_secret,
    )


def test_failed_disable_is_finished_though_ignored(
    provider: RootFiIntegrationProvider, emulator: Emulator, props: dict[str, Any]
) -> None:
    emulator.inject(Fault(operation="update", status=500))
    declared = props | {"is_disabled": True}
    outs = outs_of(provider.create(declared))
    assert call(provider.diff, "1234", outs, declared, ignored=["*"]).changes
    outs = call(provider.update, "1234", outs, declared, ignored=["*"]).outs
    assert "unfinished" not in outs
    assert emulator.integration(1234).is_disabled


def test_replacement_stores_the_secret_that_it_sends(
    provider: RootFiIntegrationProvider, emulator: Emulator, variable: dict[str, Any]
) -> None:
    emulator.secrets = "masked"
    # `up --replace` keeps the digest of a secret that was rotated outside Pulumi.
    props = variable | {"client_secret": from_env.stored("XERO_SECRET", BY_HAND)}
    outs = outs_of(provider.create(props))
    assert from_env.matches(outs["client_secret"], SECRET)
    assert emulator.integration(1234).client_secret == SECRET


@pytest.mark.parametrize("value", [SECRET, ""])
def test_delete_sends_the_secret_that_refresh_saw(
    provider: RootFiIntegrationProvider,
    emulator: Emulator,
    state: dict[str, Any],
    value: str,
    monkeypatch: Any,
) -> None:
    outs = outs_of(provider.read("1234", state))
    monkeypatch.setenv("XERO_SECRET", value)
    provider.delete("1234", outs)
    live = emulator.integration(1234)
    assert (live.is_disabled, live.client_secret) == (True, BY_HAND)


def test_delete_says_when_it_replaces_a_secret(
    provider: RootFiIntegrationProvider, emulator: Emulator, variable: dict[str, Any], capsys: Any
) -> None:
    outs = outs_of(provider.create(variable | {"client_secret": from_env.stored("XERO_SECRET", SECRET)}))
    emulator.secrets = "masked"
    provider.delete("1234", outs | {"client_secret": from_env.stored("XERO_SECRET", BY_HAND)})
    assert "so the value of XERO_SECRET replaces it" in capsys.readouterr().err
