from typing import Any

import pytest

from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.provider.outputs import (
    IN_CLEAR,
    UNKNOWN,
    find_certain_secret,
    merge_adoption,
    merge_read,
    merge_write,
)
from rootfi_pulumi.state import CLIENT_SECRET_SHOWN

KNOWN = {
    "integration_type": "XERO",
    "client_id": "app",
    "client_secret": "hunter2",
    "client_secret_version": 1,
    "is_rootfi_identity": False,
    "is_disabled": False,
}


def test_members_absent_from_an_answer_are_unchanged() -> None:
    assert merge_read(KNOWN, Integration(rootfi_id=1)) == KNOWN | {"rootfi_id": 1}


@pytest.mark.parametrize(
    "told",
    [{"client_id": "b"}, {"is_disabled": True}, {"is_rootfi_identity": True}, {"metadata": {"a": 1}}, {"rootfi_updated_at": "now"}],
)  # fmt: skip
def test_members_of_an_answer_are_taken(told: dict[str, Any]) -> None:
    outs = merge_read(KNOWN, Integration(rootfi_id=1, **told))
    assert outs.items() >= told.items()


def test_the_type_stays_as_declared_whatever_rootfi_calls_it() -> None:
    assert merge_read(KNOWN, Integration(1, integration_type="ZOHO BOOKS"))["integration_type"] == "XERO"


def test_another_secret_is_taken_and_counted() -> None:
    outs = merge_read(KNOWN | {CLIENT_SECRET_SHOWN: IN_CLEAR}, Integration(1, client_secret="another"))
    assert (outs["client_secret"], outs["client_secret_version"]) == ("another", 2)


def test_another_secret_than_the_variables_is_digested_and_counted() -> None:
    stored = from_env.stored("NAME", "hunter2")
    known = KNOWN | {"client_secret": stored, CLIENT_SECRET_SHOWN: IN_CLEAR}
    outs = merge_read(known, Integration(1, client_secret="another"))
    assert from_env.matches(outs["client_secret"], "another")
    assert "another" not in str(outs)
    assert outs["client_secret_version"] == 2


@pytest.mark.parametrize("stored", ["hunter2", from_env.stored("NAME", "hunter2")])
def test_the_same_secret_is_unchanged(stored: object) -> None:
    known = KNOWN | {"client_secret": stored}
    seen = known | {"rootfi_id": 1, CLIENT_SECRET_SHOWN: IN_CLEAR}
    assert merge_read(known, Integration(1, client_secret="hunter2")) == seen


def test_what_was_unfinished_is_not_any_more() -> None:
    assert "unfinished" not in merge_read(KNOWN | {"unfinished": "why"}, Integration(1))


STORED = pytest.mark.parametrize("stored", ["hunter2", from_env.stored("NAME", "hunter2")])


def showing(secret: str | None) -> Integration:
    return Integration(1, client_secret=secret)


def written(stored: object, shown: str | None, **known: object) -> dict[str, Any]:
    return merge_write(KNOWN | {"client_secret": stored} | known, showing(shown), "hunter2")


@STORED
@pytest.mark.parametrize("shown", ["hunter2", "4f2a", None])
def test_write_keeps_the_secret_that_was_sent(stored: object, shown: str | None) -> None:
    outs = written(stored, shown)
    assert (outs["client_secret"], outs["client_secret_version"]) == (stored, 1)
    assert "4f2a" not in str(outs)


def test_write_that_echoes_the_secret_shows_it_in_clear() -> None:
    assert written("hunter2", "hunter2")[CLIENT_SECRET_SHOWN] == IN_CLEAR


@pytest.mark.parametrize("before", [IN_CLEAR, UNKNOWN])
def test_write_that_shows_nothing_proves_nothing(before: str) -> None:
    assert written("hunter2", None)[CLIENT_SECRET_SHOWN] == UNKNOWN
    assert written("hunter2", None, **{CLIENT_SECRET_SHOWN: before})[CLIENT_SECRET_SHOWN] == before


@STORED
@pytest.mark.parametrize("mask", ["hunt", "ter2"])
def test_part_of_the_known_secret_is_its_mask(
    stored: object, mask: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAME", "hunter2")
    state = written(stored, "hunter2")
    assert merge_read(state, showing(mask)) == state
    assert find_certain_secret(state, showing(mask)) is None


def test_write_that_shows_nothing_keeps_a_known_mask() -> None:
    masked = written("hunter2", "4f2a")
    assert merge_write(masked, showing(None), "hunter2")[CLIENT_SECRET_SHOWN] == masked[CLIENT_SECRET_SHOWN]


def test_write_to_two_integrations_digests_a_mask_differently() -> None:
    first, second = (
        merge_write(KNOWN, Integration(rootfi_id, client_secret="4f2a"), "hunter2") for rootfi_id in (1, 2)
    )
    assert first[CLIENT_SECRET_SHOWN] != second[CLIENT_SECRET_SHOWN]


@STORED
def test_read_of_the_mask_that_a_write_showed_is_unchanged(stored: object) -> None:
    state = written(stored, "4f2a")
    assert merge_read(state, showing("4f2a")) == state
    assert find_certain_secret(state, showing("4f2a")) is None


@STORED
@pytest.mark.parametrize("answered", ["4f2a", None])
def test_read_of_an_uncertain_text_is_a_change_without_it(stored: object, answered: str | None) -> None:
    state = written(stored, answered)
    outs = merge_read(state, showing("other"))
    assert (outs["client_secret"], outs["client_secret_version"]) == (from_env.unknown(stored), 2)
    assert find_certain_secret(state, showing("other")) is None
    assert merge_read(outs, showing("yet another")) == outs


@STORED
def test_read_in_clear_takes_another_secret(stored: object) -> None:
    state = merge_read(written(stored, "hunter2"), showing("hunter2"))
    outs = merge_read(state, showing("by-hand"))
    assert from_env.matches(outs["client_secret"], "by-hand")
    assert find_certain_secret(state, showing("by-hand")) == "by-hand"


@STORED
def test_state_without_the_output_believes_what_it_knows(stored: object) -> None:
    known = KNOWN | {"client_secret": stored}
    assert find_certain_secret(known, showing("hunter2")) == "hunter2"
    assert find_certain_secret(known, showing("by-hand")) is None
    assert merge_read(known, showing("by-hand"))["client_secret"] == from_env.unknown(stored)


@pytest.mark.parametrize("shown", [UNKNOWN, "hunter3", None])
def test_known_secret_is_certain_whatever_was_answered(shown: str | None) -> None:
    assert find_certain_secret(written("hunter2", shown), showing("hunter2")) == "hunter2"


@STORED
@pytest.mark.parametrize("shown", ["other", None])
def test_adoption_keeps_no_secret_but_the_declared_one(stored: object, shown: str | None) -> None:
    declared = KNOWN | {"client_secret": stored}
    assert merge_adoption(declared, showing("hunter2"))["client_secret"] == stored
    assert merge_adoption(declared, showing(shown))["client_secret"] == from_env.unknown(stored)


@pytest.mark.parametrize(("shown", "certain"), [("hunter2", "other"), ("4f2a", None), (None, None)])
def test_adoption_believes_rootfi_if_it_shows_the_declared_secret(
    shown: str | None, certain: str | None
) -> None:
    adopted = merge_adoption(KNOWN, showing(shown))
    assert find_certain_secret(adopted, showing("other")) == certain
