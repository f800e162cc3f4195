"""Operations that need no API: `check` and `diff`."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.output import Unknown

from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from tests.support.inputs import INPUTS, STATE, UNKNOWN


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
    "change", [{"integration_type": "WAVE"}, {"adopt": 99.0}, {"integration_type": UNKNOWN}]
)
def test_diff_of_the_type_or_the_adopted_id_replaces(
    provider: RootFiIntegrationProvider, change: dict[str, Any]
) -> None:
    diff = provider.diff("1234", STATE, INPUTS | change)
    assert (diff.changes, diff.replaces) == (True, list(change))
    assert not diff.delete_before_replace
