"""Inputs as they are stored: a variable's digest, its salt, and the number of the secret."""

from typing import Any

import pytest
from pulumi.output import Unknown

from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.provider.inputs import complete_inputs
from tests.support.inputs import INPUTS, UNKNOWN


def completed(olds: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
    return complete_inputs(olds, news)[0]


def reasons(news: dict[str, Any]) -> list[str]:
    return complete_inputs({}, news)[1]


def test_inputs_that_a_preview_does_not_know_pass() -> None:
    assert reasons(dict.fromkeys([*INPUTS, "adopt"], UNKNOWN)) == []


def test_variable_is_digested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    news = INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}}
    stored = completed({}, news)["client_secret"]
    assert from_env.matches(stored, "hunter2")
    assert "hunter2" not in str(stored)


def test_salt_is_kept_so_that_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    news = INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}}
    first = completed({}, news)
    assert completed(first, news) == first


def test_random_salt_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    random = from_env.stored("XERO_SECRET", "hunter2", integration=("any", "random"))
    olds = INPUTS | {"client_secret": random, "client_secret_version": 1}
    news = INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}}
    assert completed(olds, news) == olds


@pytest.mark.parametrize(
    "secret", [from_env.stored("XERO_SECRET", "by-hand"), from_env.unknown({"from_env": "XERO_SECRET"}), "", " by-hand"]
)  # fmt: skip
def test_ignored_secret_is_kept_without_its_variable(monkeypatch: pytest.MonkeyPatch, secret: object) -> None:
    monkeypatch.delenv("XERO_SECRET", raising=False)
    olds = INPUTS | {"client_secret": secret, "client_secret_version": 3}
    # The engine puts what the state has into the program's inputs.
    result = complete_inputs(olds, INPUTS | {"client_secret": secret})
    assert result == (olds, [])


@pytest.mark.parametrize("member", ["client_id", "integration_type"])
def test_digest_stays_unknown_with_its_salt(monkeypatch: pytest.MonkeyPatch, member: str) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    news = INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}, member: UNKNOWN}
    assert isinstance(completed({}, news)["client_secret"]["digest"], Unknown)
    olds = completed({}, news | {member: INPUTS[member]})
    assert completed(olds, news)["client_secret"] == olds["client_secret"]


def test_moving_a_secret_between_the_two_ways_is_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    plain = completed({}, INPUTS)
    moved = completed(plain, INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}})
    assert moved["client_secret_version"] == completed(moved, INPUTS)["client_secret_version"] == 1


@pytest.mark.parametrize(("value", "why"), [(None, "not set"), ("", "empty"), (" hunter2", "white space")])
def test_unusable_variable_is_named(monkeypatch: pytest.MonkeyPatch, value: str | None, why: str) -> None:
    monkeypatch.delenv("XERO_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv("XERO_SECRET", value)
    [reason] = reasons(INPUTS | {"client_secret": {"from_env": "XERO_SECRET", "digest": ""}})
    assert "XERO_SECRET" in reason
    assert why in reason
    assert "hunter2" not in reason
