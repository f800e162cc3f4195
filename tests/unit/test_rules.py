"""What `is_right` says at once is what reading the declaration finds, by the same rules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootfi_pulumi.config import IntegrationConfig, read_integrations
from rootfi_pulumi.problems import ConfigError
from rootfi_pulumi.rules import REQUIRED, RULES, is_right

XERO = {"integration_type": "XERO", "client_id": "app", "client_secret": "hunter2"}
WAVE = XERO | {"integration_type": "WAVE"}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
FLAG = st.sampled_from([True, False, 1, "yes", None])
NEARLY_RIGHT = st.fixed_dictionaries(
    {
        "integration_type": st.sampled_from(["XERO", "WAVE", "XER0"]),
        "client_id": st.sampled_from(["app", "another", "third", " app", 1]),
        "client_secret": st.sampled_from(
            ["s", "s\n", {"from_env": "A"}, {"from_env": "A-B"}, {"x": "y"}, None]
        ),
    },
    optional={
        "is_disabled": FLAG,
        "protect": FLAG,
        "adopt": st.sampled_from([None, 1, 2.0, 2.5, 0, True, "1"]),
        "cleint_id": st.just("app"),
    },
)


@given(
    declared=st.dictionaries(st.sampled_from(["a", "b", "", "c::d"]), NEARLY_RIGHT | JSON, max_size=3) | JSON
)
def test_a_declaration_is_right_exactly_where_it_can_be_read(declared: object) -> None:
    try:
        read_integrations(declared)
    except ConfigError:
        assert not is_right(declared)
    else:
        assert is_right(declared)


@pytest.mark.parametrize("shared", [{"integration_type": "XERO"}, {"adopt": 1}], ids=str)
def test_two_of_one_are_not_right(shared: dict[str, Any]) -> None:
    assert is_right({"a": XERO | {"adopt": 1}, "b": WAVE | {"adopt": 2}})
    assert not is_right({"a": XERO | {"adopt": 1}, "b": WAVE | {"adopt": 2} | shared})


def test_there_is_a_rule_for_each_member_of_the_model() -> None:
    fields = IntegrationConfig.model_fields
    assert set(RULES) == set(fields)
    assert {name for name, field in fields.items() if field.is_required()} == REQUIRED
