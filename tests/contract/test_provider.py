"""The provider's methods against the emulator: what each sends, returns and rejects."""

import json
import re
from typing import Any

import pytest

from rootfi_pulumi.api import errors
from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.provider.boundary import ProviderError, UnexpectedError
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from rootfi_pulumi.provider.phrases import BUG, CANNOT_ADOPT, FOREIGN_404, MAY_EXIST
from tests.support.contract.plugin import PROPS, SECRET, fresh, outs_of


def test_create_returns_the_id_and_everything_in_the_answer(provider: RootFiIntegrationProvider) -> None:
    result = provider.create(PROPS)
    assert result.id == "1234"
    assert result.outs
    told = {"rootfi_id", "rootfi_created_at", "rootfi_updated_at", "metadata", "client_secret_shown"}
    assert result.outs.keys() == PROPS.keys() | told


def test_create_prints_the_id_at_once(
    provider: RootFiIntegrationProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.create(PROPS)
    assert capsys.readouterr().err == "XERO integration: created as 1234\n"


def test_adopt_names_what_differs_until_it_is_applied(
    provider: RootFiIntegrationProvider, emulator: Emulator, api_key: str
) -> None:
    made = emulator.add_integration(api_key, integration_type="XERO", client_id="x", client_secret=SECRET)
    outs = provider.create(PROPS | {"adopt": float(made.rootfi_id)}).outs
    assert outs
    assert (outs["differs_in"], outs["client_id"]) == (["client_id"], "x")
    assert provider.diff(str(made.rootfi_id), outs, PROPS).changes
    assert "differs_in" not in outs_of(provider.read(str(made.rootfi_id), outs))
    assert "differs_in" not in outs_of(provider.update(str(made.rootfi_id), outs, PROPS))


def test_adopt_of_what_is_as_declared_names_nothing(
    provider: RootFiIntegrationProvider, emulator: Emulator, api_key: str
) -> None:
    declared = {name: PROPS[name] for name in ("integration_type", "client_id", "client_secret")}
    made = emulator.add_integration(api_key, **declared)
    assert "differs_in" not in (provider.create(PROPS | {"adopt": float(made.rootfi_id)}).outs or {})


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
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: \w", result.outs["unfinished"])
    assert len(emulator.calls) == 1


@pytest.mark.parametrize("status", [400, 401, 409, 429, 503])
def test_create_that_was_turned_away_leaves_nothing(
    provider: RootFiIntegrationProvider, emulator: Emulator, status: int
) -> None:
    emulator.inject(Fault(status=status, times=None))
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
    assert result.outs["unfinished"].startswith("PUT /integrations/1234: 500")
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
        with pytest.raises(ProviderError, match=f"/integrations/1234: {FOREIGN_404}"):
            call("1234", created)


@pytest.mark.parametrize("shape", ["v3", "write", "v4"])
def test_a_404_in_each_documented_shape_is_missing(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any], shape: Any
) -> None:
    emulator.inject(Fault(status=404, shape=shape))
    assert provider.read("1234", created).id == ""


def test_read_of_an_unresolved_one_says_it_and_asks_nothing(
    provider: RootFiIntegrationProvider, emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    state = PROPS | {"unfinished": "then: why"}
    assert provider.read("unresolved-1", state).outs == state
    said = f"XERO integration: {MAY_EXIST} (then: why); `rootfi-pulumi doctor` lists the steps\n"
    assert capsys.readouterr().err == said
    assert emulator.calls == []


def test_read_says_which_other_type_rootfi_has(
    provider: RootFiIntegrationProvider,
    emulator: Emulator,
    created: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = {"rootfi_id": 1234, "integration_type": "WAVE"}
    emulator.inject(Fault(body=json.dumps({"data": told})))
    provider.read("1234", created)
    said = "XERO integration: 1234 is declared as XERO, but RootFi shows WAVE\n"
    assert capsys.readouterr().err.endswith(said)


def test_a_type_in_an_answer_is_escaped_for_the_terminal(
    provider: RootFiIntegrationProvider,
    emulator: Emulator,
    created: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = {"rootfi_id": 1234, "integration_type": f"\x1b[31m{SECRET}\n" + "x" * 1000}
    emulator.inject(Fault(body=json.dumps({"data": told}), times=None))
    provider.read("1234", created)
    with pytest.raises(ProviderError, match=CANNOT_ADOPT) as raised:
        provider.create(PROPS | {"adopt": 1234.0})
    for line in (capsys.readouterr().err.removesuffix("\n"), *str(raised.value).split("\n")):
        assert line.isprintable()
        assert SECRET not in line
        assert len(line) < 250


def test_read_clears_what_was_unfinished(
    provider: RootFiIntegrationProvider, created: dict[str, Any]
) -> None:
    result = provider.read("1234", created | {"unfinished": "not disabled"})
    assert result.outs
    assert "unfinished" not in result.outs


def test_update_keeps_every_output(provider: RootFiIntegrationProvider, created: dict[str, Any]) -> None:
    outs = provider.update("1234", created, PROPS | {"client_id": "another"}).outs
    assert outs
    assert outs.keys() == created.keys()
    assert outs["client_id"] == "another"


def test_update_whose_answer_was_lost_is_sent_again_by_the_next_run(
    provider: RootFiIntegrationProvider, emulator: Emulator, created: dict[str, Any]
) -> None:
    emulator.inject(Fault(operation="update", hang_up="after", times=None))
    news = PROPS | {"client_id": "another"}
    with pytest.raises(errors.NoAnswer):
        provider.update("1234", created, news)
    emulator.clear_faults()
    assert provider.update("1234", created, news).outs
    assert emulator.integration(1234).client_id == "another"


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


def test_a_half_done_create_as_disabled_is_finished_by_an_update(
    provider: RootFiIntegrationProvider, emulator: Emulator
) -> None:
    emulator.inject(Fault(operation="update", status=500))
    result = provider.create(PROPS | {"is_disabled": True})
    assert result.outs
    assert provider.diff(result.id, result.outs, PROPS).changes
    outs = provider.update(result.id, result.outs, PROPS).outs
    assert outs
    assert "unfinished" not in outs


def test_a_fault_of_our_own_is_one_line_without_values(provider: RootFiIntegrationProvider) -> None:
    with pytest.raises(UnexpectedError, match=rf"{BUG} \(KeyError in create\)"):
        provider.create({"client_secret": SECRET})


@pytest.mark.parametrize(
    ("named", "key"),
    [({}, "rootfi:apiKey"), ({"providerName": "other"}, 'api_key of RootFiProvider "other"')],
)
def test_refused_key_is_named_by_what_gave_it(emulator: Emulator, named: dict[str, str], key: str) -> None:
    with pytest.raises(errors.Unauthorized) as raised:
        fresh(emulator, "of-nobody", **named).create(PROPS)
    assert f"check the API key ({key}); after" in str(raised.value)


def test_create_at_a_wrong_path_blames_what_gave_it(emulator: Emulator, api_key: str) -> None:
    provider = fresh(emulator, api_key, baseUrl=f"{emulator.url}/v2", providerName="other")
    with pytest.raises(errors.NotFound, match='path is wrong: correct base_url of RootFiProvider "other"'):
        provider.create(PROPS)
