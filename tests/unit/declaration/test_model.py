from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from rootfi_pulumi.declaration.from_env import FromEnv
from rootfi_pulumi.declaration.model import read_integrations
from rootfi_pulumi.declaration.problems import ConfigError

XERO = {"integration_type": "XERO", "client_id": "app", "client_secret": "hunter2"}


def problems(declared: object) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        read_integrations(declared)
    return [str(problem) for problem in raised.value.problems]


def test_defaults_are_enabled_own_credentials_and_unprotected() -> None:
    xero = read_integrations({"xero": XERO})["xero"]
    assert (xero.is_disabled, xero.is_rootfi_identity, xero.protect, xero.retain_on_delete) == (False,) * 4
    assert xero.adopt is None


def test_an_environment_may_be_empty() -> None:
    assert read_integrations({}) == {}


def test_a_secret_is_text_or_a_variable() -> None:
    read = read_integrations(
        {
            "xero": XERO,
            "wave": XERO | {"integration_type": "WAVE", "client_secret": {"from_env": "WAVE_SECRET"}},
        }
    )
    assert read["xero"].client_secret == SecretStr("hunter2")
    assert read["wave"].client_secret == FromEnv("WAVE_SECRET")


@pytest.mark.parametrize(
    ("member", "value", "problem"),
    [
        ("integration_type", "XER0", '"XER0" is not an integration type: did you mean XERO?'),
        ("client_id", 12, "must be text: put a number in quotes"),
        ("client_secret", "hunter2 ", "starts or ends with white space or an invisible character: paste it again without"),
        ("client_secret", None, "must be text: put a number in quotes"),
        ("client_secret", {"from_env": "A-B"}, "from_env must be the name of an environment variable: letters, digits and _, no digit first"),
        ("client_secret", {"from_env": "A", "x": 1}, "must be text or {from_env: NAME}, and nothing else"),
        ("is_disabled", "yes", "must be true or false"),
        ("adopt", "1234", "must be the rootfi_id of an existing integration, a whole number"),
        ("protect", 1, "must be true or false"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_path(member: str, value: object, problem: str) -> None:
    assert problems({"xero": XERO | {member: value}}) == [f"integrations.xero.{member}: {problem}"]


@pytest.mark.parametrize("member", XERO)
def test_a_missing_member_is_named(member: str) -> None:
    declared = {name: value for name, value in XERO.items() if name != member}
    assert problems({"xero": declared}) == [f"integrations.xero.{member}: is missing"]


def test_an_unknown_member_is_answered_with_the_nearest() -> None:
    assert problems({"xero": XERO | {"client_secert": "x"}}) == [
        "integrations.xero.client_secert: is not a member of an integration: did you mean client_secret?"
    ]


def test_an_unknown_member_unlike_any_is_answered_with_all() -> None:
    [problem] = problems({"xero": XERO | {"zzz": "x"}})
    assert "use one of integration_type, client_id, client_secret" in problem


@pytest.mark.parametrize("name", ["", " ", "a::b", "a\nb", 1])
def test_a_name_that_pulumi_could_not_carry_is_refused(name: Any) -> None:
    assert any("is not a name" in problem for problem in problems({name: XERO}))


@pytest.mark.parametrize(
    ("name", "character"),
    [("\u0646\u200c\u0645", "U+200C"), ("a\u200db", "U+200D"), ("\u202ea", "U+202E"), ("a\tb", "U+0009")],
)
def test_refusal_of_a_name_names_its_hidden_character(name: str, character: str) -> None:
    assert any(
        problem.endswith(f"is not a name: remove the character {character}")
        for problem in problems({name: XERO})
    )


@pytest.mark.parametrize("declared", [None, [], "text", 1])
def test_what_is_no_mapping_is_refused(declared: object) -> None:
    assert problems(declared) == ["integrations: must be a mapping of names to integrations, or {} for none"]


@pytest.mark.parametrize("entry", [None, [], "text", 1])
def test_an_entry_that_is_no_mapping_is_refused(entry: object) -> None:
    expected = "integrations.xero: must be a mapping with integration_type, client_id and client_secret"
    assert problems({"xero": entry}) == [expected]


@pytest.mark.parametrize("member", ["integration_type", "adopt"])
def test_two_of_one_are_refused(member: str) -> None:
    second = XERO | {"integration_type": "WAVE", "adopt": 2} | {member: (XERO | {"adopt": 1})[member]}
    assert problems({"a": XERO | {"adopt": 1}, "b": second}) == [
        f"integrations.b.{member}: a has the same: one of each is allowed"
    ]


def test_every_mistake_is_reported_at_once() -> None:
    assert len(problems({"a": {}, "b": XERO, "c": XERO, "d": None})) == 5


def test_no_error_holds_a_credential() -> None:
    declared = {
        "xero": {"integration_type": 1, "client_id": ["hunter2"], "client_secret": {"hunter2": "hunter2"}}
    }
    with pytest.raises(ConfigError) as raised:
        read_integrations(declared)
    assert "hunter2" not in f"{raised.value!r} {raised.value}"
    assert "hunter2" not in repr(read_integrations({"xero": XERO}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
ENTRY = st.dictionaries(st.sampled_from([*XERO, "is_disabled", "adopt", "protect", "x"]), JSON, max_size=6)


@given(declared=JSON | st.dictionaries(st.text(), ENTRY | JSON, max_size=4))
def test_any_declaration_gives_a_result_or_located_errors(declared: object) -> None:
    try:
        read_integrations(declared)
    except ConfigError as error:
        assert error.problems
        assert all(problem.path[0] == "integrations" for problem in error.problems)
