"""What a difference between the state and the declaration means."""

from typing import Any

import pytest

from rootfi_pulumi.provider.comparison import compare
from tests.support.inputs import INPUTS, STATE, UNKNOWN


@pytest.mark.parametrize(
    "change",
    [{"client_id": "b"}, {"client_secret": "b"}, {"is_rootfi_identity": True}, {"is_disabled": True}, {"client_id": UNKNOWN}],
)  # fmt: skip
def test_change_of_a_member_is_an_update(change: dict[str, Any]) -> None:
    found = compare("1234", STATE, INPUTS | change)
    assert (found.changes, found.replaces) == (True, [])


def test_declaring_the_id_that_it_has_changes_nothing() -> None:
    assert not compare("1234", STATE, INPUTS | {"adopt": 1234.0}).changes


def test_taking_adopt_away_changes_nothing() -> None:
    assert not compare("1234", STATE | {"adopt": 1234.0}, INPUTS).changes


@pytest.mark.parametrize("change", [{}, {"client_id": "b"}, {"integration_type": "WAVE"}], ids=str)
def test_an_unresolved_create_changes_by_adopt_alone(change: dict[str, Any]) -> None:
    state = INPUTS | {"unfinished": "unfinished since then"}
    assert not compare("unresolved-1", state, INPUTS | change).changes
    assert compare("unresolved-1", state, INPUTS | change | {"adopt": 1234.0}).replaces == ["adopt"]
