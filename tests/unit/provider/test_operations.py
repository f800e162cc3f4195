"""The provider's decisions that need no API: what is accepted, and what a difference means."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.output import Unknown

from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider

INPUTS = {
    "integration_type": "XERO",
    "client_id": "app",
    "client_secret": "hunter2",
    "is_rootfi_identity": False,
    "is_disabled": False,
}
STATE = (
    INPUTS
    | {"client_secret_version": 1.0}
    | {"rootfi_id": 1234.0, "rootfi_created_at": "then", "metadata": {}}
)
_Unknown: Any = Unknown  # the SDK's class, whose constructor has no types
UNKNOWN = _Unknown()


def configured(**config: str) -> RootFiIntegrationProvider:
    provider = RootFiIntegrationProvider()
    provider.configure(
        ConfigureRequest(Config({f"rootfi:{key}": value for key, value in config.items()}, "any"))
    )
    return provider


@pytest.fixture
def provider() -> RootFiIntegrationProvider:
    return configured(apiKey="key", baseUrl="http://127.0.0.1:9")


def reasons(provider: RootFiIntegrationProvider, news: dict[str, Any]) -> list[str]:
    return [failure.reason for failure in provider.check({}, news).failures]


def test_check_accepts_and_completes(provider: RootFiIntegrationProvider) -> None:
    given = {name: INPUTS[name] for name in ("integration_type", "client_id", "client_secret")}
    result = provider.check({}, given)
    assert (result.inputs, result.failures) == (INPUTS | {"client_secret_version": 1}, [])


def test_check_names_every_mistake_without_a_secret(provider: RootFiIntegrationProvider) -> None:
    news = {
        "integration_type": "XER0",
        "client_id": "",
        "client_secret": " hunter2",
        "is_disabled": 1,
        "adopt": 0,
    }
    found = reasons(provider, news)
    assert [reason.partition(":")[0] for reason in found] == [
        "integration_type", "client_id", "client_secret", "is_disabled", "adopt",
    ]  # fmt: skip
    assert "hunter2" not in str(found)


def test_check_passes_what_a_preview_does_not_know(provider: RootFiIntegrationProvider) -> None:
    assert reasons(provider, dict.fromkeys([*INPUTS, "adopt"], UNKNOWN)) == []


def test_check_digests_a_variable(
    provider: RootFiIntegrationProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    news = INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}}
    stored = provider.check({}, news).inputs["client_secret"]
    assert from_env.matches(stored, "hunter2")
    assert "hunter2" not in str(stored)


def test_check_keeps_the_salt_so_that_nothing_changes(
    provider: RootFiIntegrationProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    news = INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}}
    first = provider.check({}, news).inputs
    assert provider.check(first, news).inputs == first


def test_check_keeps_a_salt_that_was_random(
    provider: RootFiIntegrationProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    random = from_env.stored("XERO_SECRET", "hunter2", integration=("any", "random"))
    olds = INPUTS | {"client_secret": random, "client_secret_version": 1}
    news = INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}}
    assert provider.check(olds, news).inputs == olds


@pytest.mark.parametrize(
    "secret", [from_env.stored("XERO_SECRET", "by-hand"), from_env.unknown({"from_env": "XERO_SECRET"}), "", " by-hand"]
)  # fmt: skip
def test_check_keeps_an_ignored_secret_without_variable(
    provider: RootFiIntegrationProvider, monkeypatch: pytest.MonkeyPatch, secret: object
) -> None:
    monkeypatch.delenv("XERO_SECRET", raising=False)
    olds = INPUTS | {"client_secret": secret, "client_secret_version": 3}
    # The engine puts what the state has into the program's inputs.
    result = provider.check(olds, INPUTS | {"client_secret": secret})
    assert (result.inputs, result.failures) == (olds, [])


@pytest.mark.parametrize("member", ["client_id", "integration_type"])
def test_check_leaves_digest_unknown_with_its_salt(
    provider: RootFiIntegrationProvider, monkeypatch: pytest.MonkeyPatch, member: str
) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    news = INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}, member: UNKNOWN}
    assert isinstance(provider.check({}, news).inputs["client_secret"]["digest"], Unknown)
    olds = provider.check({}, news | {member: INPUTS[member]}).inputs
    assert provider.check(olds, news).inputs["client_secret"] == olds["client_secret"]


@pytest.mark.parametrize("way", ["plain", "variable"])
def test_check_counts_the_changes_of_the_secret(
    provider: RootFiIntegrationProvider, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    inputs: dict[str, Any] = {}
    versions = []
    for secret in ("first", "first", "second", "second", "first"):
        monkeypatch.setenv("XERO_SECRET", secret)
        declared = secret if way == "plain" else {"from_env": "XERO_SECRET", "digest": ""}
        inputs = provider.check(inputs, INPUTS | {"client_secret": declared}).inputs
        versions.append(inputs["client_secret_version"])
    assert versions == [1, 1, 2, 2, 3]


def test_moving_a_secret_between_the_two_ways_is_no_change_of_it(
    provider: RootFiIntegrationProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    plain = provider.check({}, INPUTS).inputs
    moved = provider.check(
        plain, INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}}
    ).inputs
    assert (
        moved["client_secret_version"] == provider.check(moved, INPUTS).inputs["client_secret_version"] == 1
    )


@pytest.mark.parametrize(("value", "why"), [(None, "not set"), ("", "empty"), (" hunter2", "white space")])
def test_check_names_an_unusable_variable(
    provider: RootFiIntegrationProvider, monkeypatch: pytest.MonkeyPatch, value: str | None, why: str
) -> None:
    monkeypatch.delenv("XERO_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv("XERO_SECRET", value)
    [reason] = reasons(provider, INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}})
    assert "XERO_SECRET" in reason
    assert why in reason
    assert "hunter2" not in reason


def test_check_says_what_is_wrong_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROOTFI_API_KEY", raising=False)
    assert "no RootFi API key" in reasons(configured(), INPUTS)[0]


SOME = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.builds(Unknown)
VALUES = (
    SOME | st.lists(SOME, max_size=2) | st.dictionaries(st.sampled_from(["from_env", "digest", "x"]), SOME)
)


@given(news=st.dictionaries(st.sampled_from([*INPUTS, "adopt", "x"]), VALUES))
def test_check_of_anything_is_a_result(news: dict[str, Any]) -> None:
    provider = configured(apiKey="key")
    assert len(provider.check({}, news).failures) <= len(INPUTS) + 1


def test_diff_of_the_same_is_none(provider: RootFiIntegrationProvider) -> None:
    assert not provider.diff("1234", STATE, INPUTS).changes


@pytest.mark.parametrize(
    "change",
    [{"client_id": "b"}, {"client_secret": "b"}, {"is_rootfi_identity": True}, {"is_disabled": True}, {"client_id": UNKNOWN}],
)  # fmt: skip
def test_diff_of_a_member_is_an_update(provider: RootFiIntegrationProvider, change: dict[str, Any]) -> None:
    diff = provider.diff("1234", STATE, INPUTS | change)
    assert (diff.changes, diff.replaces) == (True, [])


@pytest.mark.parametrize(
    "change", [{"integration_type": "WAVE"}, {"adopt": 99.0}, {"integration_type": UNKNOWN}]
)
def test_diff_of_the_type_or_the_adopted_id_replaces(
    provider: RootFiIntegrationProvider, change: dict[str, Any]
) -> None:
    diff = provider.diff("1234", STATE, INPUTS | change)
    assert (diff.changes, diff.replaces) == (True, list(change))
    assert not diff.delete_before_replace


def test_declaring_the_id_that_it_has_changes_nothing(provider: RootFiIntegrationProvider) -> None:
    assert not provider.diff("1234", STATE, INPUTS | {"adopt": 1234.0}).changes


def test_taking_adopt_away_changes_nothing(provider: RootFiIntegrationProvider) -> None:
    assert not provider.diff("1234", STATE | {"adopt": 1234.0}, INPUTS).changes


@pytest.mark.parametrize("change", [{}, {"client_id": "b"}, {"integration_type": "WAVE"}], ids=str)
def test_an_unresolved_create_changes_by_adopt_alone(
    provider: RootFiIntegrationProvider, change: dict[str, Any]
) -> None:
    state = INPUTS | {"unfinished": "unfinished since then"}
    assert not provider.diff("unresolved-1", state, INPUTS | change).changes
    assert provider.diff("unresolved-1", state, INPUTS | change | {"adopt": 1234.0}).replaces == ["adopt"]
