"""The provider's own methods against the emulator: what each asks, returns and refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest

from rootfi_pulumi import from_env
from rootfi_pulumi.api import errors
from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.provider import ProviderError, RootFiIntegrationProvider, UnexpectedError

SECRET = "hunter2"
PROPS = {
    "integration_type": "XERO",
    "client_id": "app",
    "client_secret": SECRET,
    "is_rootfi_identity": False,
    "is_disabled": False,
    "client_secret_version": 1.0,
}


def fresh(emulator: Emulator, api_key: str) -> RootFiIntegrationProvider:
    """A provider as a new plugin process has it: it knows no secret yet."""
    provider = RootFiIntegrationProvider()
    config = {"rootfi:apiKey": api_key, "rootfi:baseUrl": emulator.url}
    provider.configure(ConfigureRequest(Config(config, "any")))
    return provider


@pytest.fixture
def provider(emulator: Emulator, api_key: str) -> RootFiIntegrationProvider:
    return fresh(emulator, api_key)


@pytest.fixture
def created(provider: RootFiIntegrationProvider, emulator: Emulator) -> dict[str, Any]:
    """The state of integration 1234."""
    outs = provider.create(PROPS).outs
    emulator.forget_requests()
    assert outs
    return outs


@pytest.fixture
def variable(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The props of an integration whose secret is in XERO_SECRET."""
    monkeypatch.setenv("XERO_SECRET", SECRET)
    return PROPS | {"client_secret": from_env.stored("XERO_SECRET", SECRET)}


def test_create_returns_the_id_and_everything_told(provider: RootFiIntegrationProvider) -> None:
    result = provider.create(PROPS)
    assert result.id == "1234"
    assert result.outs
    told = {"rootfi_id", "rootfi_created_at", "rootfi_updated_at", "metadata"}
    assert result.outs.keys() == PROPS.keys() | told


def test_create_tells_the_id_at_once(
    provider: RootFiIntegrationProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.create(PROPS)
    assert capsys.readouterr().err == "rootfi: XERO integration created: id 1234\n"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(hang_up="before"),
        Fault(hang_up="after"),
        Fault(status=500),
        Fault(status=500, processed=True),
        Fault(status=504),
        Fault(body="garbage"),
        Fault(body='{"data": {}}'),
    ],
    ids=["hang-up before", "hang-up after", "500", "500 that landed", "504", "garbage", "no id"],
)
def test_create_of_unknown_outcome_is_kept_as_unresolved(
    provider: RootFiIntegrationProvider, emulator: Emulator, fault: Fault
) -> None:
    emulator.inject(fault)
    result = provider.create(PROPS)
    assert result.id.startswith("unresolved-")
    assert result.outs
    assert "POST /integrations" in result.outs["unfinished"]
    assert len(emulator.calls) == 1


@pytest.mark.parametrize("status", [400, 401, 409, 429, 503])
def test_create_that_was_turned_away_leaves_nothing(
    provider: RootFiIntegrationProvider, emulator: Emulator, status: int
) -> None:
    emulator.inject(Fault(status=status))
    with pytest.raises(errors.ErrorAnswer):
        provider.create(PROPS)


def test_create_keeps_what_an_existing_one_has_so_that_diff_sees_it(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any]
) -> None:
    emulator.second_post = "existing"
    result = provider.create(PROPS | {"client_id": "another"})
    assert result.outs
    assert provider.diff(result.id, result.outs, PROPS | {"client_id": "another"}).changes


def test_create_as_disabled_keeps_the_id_when_disabling_fails(
    provider: RootFiIntegrationProvider, emulator: Emulator
) -> None:
    emulator.inject(Fault(operation="update", status=500))
    result = provider.create(PROPS | {"is_disabled": True})
    assert result.id == "1234"
    assert result.outs
    assert result.outs["is_disabled"] is False
    assert "created, as 1234, and not disabled: PUT /integrations/1234: 500" in result.outs["unfinished"]
    assert provider.diff(result.id, result.outs, PROPS | {"is_disabled": True}).changes


def test_read_returns_live_values_as_outputs_and_inputs(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any]
) -> None:
    emulator.edit(1234, client_id="by-hand", is_disabled=True, client_secret="changed")
    result = provider.read("1234", created)
    changed = PROPS | {"client_id": "by-hand", "is_disabled": True, "client_secret": "changed"}
    changed["client_secret_version"] = 2
    assert result.inputs == changed
    assert result.outs
    assert result.outs.items() >= changed.items()


def test_read_of_a_missing_one_is_an_empty_id(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any]
) -> None:
    emulator.remove(1234)
    result = provider.read("1234", created)
    assert (result.id, result.outs) == ("", {})


@pytest.mark.parametrize("shape", ["html", "text", "empty"])
def test_a_404_that_is_not_rootfis_own_is_not_taken_for_missing(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any], shape: Any
) -> None:
    emulator.inject(Fault(status=404, shape=shape, times=None))
    for call in (provider.read, provider.delete):
        with pytest.raises(ProviderError, match=r"/integrations/1234: 404, but not in RootFi's words"):
            call("1234", created)


@pytest.mark.parametrize("shape", ["v3", "write", "v4"])
def test_a_404_in_each_documented_shape_is_missing(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any], shape: Any
) -> None:
    emulator.inject(Fault(status=404, shape=shape))
    assert provider.read("1234", created).id == ""


@pytest.mark.parametrize("secrets", ["masked", "null", "omitted"])
def test_read_keeps_a_secret_that_is_not_told(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any], secrets: Any
) -> None:
    emulator.secrets = secrets
    assert provider.read("1234", created).inputs == PROPS


def test_read_of_an_unresolved_one_says_it_and_asks_nothing(
    provider: RootFiIntegrationProvider, emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    state = PROPS | {"unfinished": "unfinished since then: why"}
    assert provider.read("unresolved-1", state).outs == state
    assert "unfinished since then: why" in capsys.readouterr().err
    assert emulator.calls == []


def test_read_clears_what_was_unfinished(
    provider: RootFiIntegrationProvider, created: dict[str, Any]
) -> None:
    result = provider.read("1234", created | {"unfinished": "not disabled"})
    assert result.outs
    assert "unfinished" not in result.outs


def test_read_keeps_the_digest_of_an_unchanged_secret(
    provider: RootFiIntegrationProvider, variable: dict[str, Any]
) -> None:
    created = provider.create(variable).outs
    assert provider.read("1234", created).inputs == variable


def test_read_digests_a_secret_that_was_changed_outside(
    provider: RootFiIntegrationProvider, emulator: Emulator, variable: dict[str, Any]
) -> None:
    created = provider.create(variable).outs
    emulator.edit(1234, client_secret="changed")
    inputs = provider.read("1234", created).inputs
    assert inputs
    assert from_env.matches(inputs["client_secret"], "changed")
    assert provider.diff("1234", inputs, variable).changes


def test_update_keeps_every_output(provider: RootFiIntegrationProvider, created: dict[str, Any]) -> None:
    outs = provider.update("1234", created, PROPS | {"client_id": "another"}).outs
    assert outs
    assert outs.keys() == created.keys()
    assert outs["client_id"] == "another"


def test_update_whose_answer_was_lost_is_sent_again_by_the_next_run(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any]
) -> None:
    emulator.inject(Fault(operation="update", hang_up="after"))
    news = PROPS | {"client_id": "another"}
    with pytest.raises(errors.NoAnswer):
        provider.update("1234", created, news)
    assert provider.update("1234", created, news).outs
    assert emulator.integration(1234).client_id == "another"


@pytest.mark.parametrize("to_variable", [True, False])
def test_moving_the_same_secret_between_the_two_ways_sends_nothing(
    provider: RootFiIntegrationProvider, emulator: Emulator, variable: dict[str, Any], to_variable: bool
) -> None:
    olds, news = (PROPS, variable) if to_variable else (variable, PROPS)
    state = provider.create(olds).outs
    emulator.forget_requests()
    assert state
    assert provider.diff("1234", state, news).changes
    outs = provider.update("1234", state, news).outs
    assert outs
    assert outs.keys() == state.keys()
    assert outs["client_secret"] == news["client_secret"]
    assert emulator.calls == []


def test_delete_disables(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any]
) -> None:
    provider.delete("1234", created)
    assert emulator.calls == ["PUT /integrations/1234"]
    assert emulator.integration(1234).is_disabled


def test_delete_of_an_unresolved_one_asks_nothing(
    provider: RootFiIntegrationProvider, emulator: Emulator
) -> None:
    provider.delete("unresolved-1", PROPS)
    assert emulator.calls == []


def test_delete_without_the_variable_takes_the_secret_that_rootfi_tells(
    provider: RootFiIntegrationProvider,
    emulator: Emulator,
    variable: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = provider.create(variable).outs
    monkeypatch.delenv("XERO_SECRET")
    assert state
    provider.delete("1234", state)
    assert emulator.integration(1234).is_disabled
    assert emulator.integration(1234).client_secret == SECRET


def test_delete_without_any_secret_offers_retain_on_delete(
    provider: RootFiIntegrationProvider,
    emulator: Emulator,
    variable: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = provider.create(variable).outs
    monkeypatch.delenv("XERO_SECRET")
    emulator.secrets = "masked"
    assert state
    with pytest.raises(ProviderError, match=r"XERO_SECRET is not set.*retain_on_delete"):
        provider.delete("1234", state)


@pytest.mark.parametrize("way", ["plain", "variable"])
@pytest.mark.parametrize("operation", ["read", "adopt", "update", "delete"])
def test_a_secret_that_rootfi_quotes_from_its_own_store_is_not_shown(
    emulator: Emulator, api_key: str, variable: dict[str, Any], way: str, operation: str
) -> None:
    props = variable if way == "variable" else PROPS
    state = fresh(emulator, api_key).create(props).outs
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


def test_create_as_disabled_that_failed_half_way_is_finished_though_the_declaration_changed(
    provider: RootFiIntegrationProvider, emulator: Emulator
) -> None:
    emulator.inject(Fault(operation="update", status=500))
    result = provider.create(PROPS | {"is_disabled": True})
    assert result.outs
    assert provider.diff(result.id, result.outs, PROPS).changes
    outs = provider.update(result.id, result.outs, PROPS).outs
    assert outs
    assert "unfinished" not in outs


@pytest.mark.parametrize("way", ["plain", "variable"])
def test_adopting_one_whose_secret_is_masked_sends_the_declared_secret_once(
    provider: RootFiIntegrationProvider, emulator: Emulator, api_key: str, variable: dict[str, Any], way: str
) -> None:
    props = variable if way == "variable" else PROPS
    emulator.add_integration(api_key, integration_type="XERO", client_id="app", client_secret="another")
    emulator.secrets = "masked"
    adopted = provider.create(props | {"adopt": 1234.0}).outs
    assert adopted
    assert provider.diff("1234", adopted, props).changes
    outs = provider.update("1234", adopted, props).outs
    assert outs
    assert emulator.integration(1234).client_secret == SECRET
    assert not provider.diff("1234", outs, props).changes


def test_delete_of_one_whose_secret_nobody_knows_does_not_send_an_empty_one(
    provider: RootFiIntegrationProvider, emulator: Emulator, api_key: str
) -> None:
    emulator.add_integration(api_key, integration_type="XERO", client_id="app", client_secret="another")
    emulator.secrets = "masked"
    adopted = provider.create(PROPS | {"adopt": 1234.0}).outs
    assert adopted
    with pytest.raises(ProviderError, match="client_secret is not known"):
        provider.delete("1234", adopted)
    assert emulator.integration(1234).client_secret == "another"


def test_a_fault_of_our_own_is_one_line_without_values(provider: RootFiIntegrationProvider) -> None:
    with pytest.raises(UnexpectedError, match="create: KeyError: a fault of rootfi-pulumi"):
        provider.create({"client_secret": SECRET})
