import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.declaration.from_env import FromEnv, NotInEnvironmentError


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A B", "A=B", "\u00c4"])
def test_what_is_no_variable_name_is_refused_without_being_shown(name: str) -> None:
    with pytest.raises(ValueError, match="FromEnv: must be the name") as raised:
        FromEnv(name)
    assert not name or name not in str(raised.value)


@pytest.mark.parametrize(("environ", "state"), [({}, "not set"), ({"NAME": ""}, "empty")])
def test_a_missing_variable_is_named(environ: dict[str, str], state: str) -> None:
    with pytest.raises(NotInEnvironmentError, match=f"NAME is {state}"):
        from_env.resolve("NAME", environ)


def test_a_plain_secret_names_no_variable() -> None:
    assert from_env.variable("hunter2") is None


def test_a_declared_and_a_stored_form_name_their_variable() -> None:
    assert from_env.variable({"from_env": "NAME", "digest": ""}) == "NAME"
    assert from_env.variable(from_env.stored("NAME", "value")) == "NAME"


@given(value=st.text(min_size=1))
def test_what_is_stored_matches_its_value_and_does_not_hold_it(value: str) -> None:
    stored = from_env.stored("NAME", value)
    assert from_env.matches(stored, value)
    assert not from_env.matches(stored, value + "x")


def test_the_same_value_is_stored_the_same_when_the_salt_is_kept() -> None:
    first = from_env.stored("NAME", "value")
    assert from_env.stored("NAME", "value", first) == first
    assert from_env.stored("NAME", "other", first) != first


def test_integrations_with_one_value_do_not_show_it() -> None:
    digests = {
        from_env.stored(name, "value", integration=integration)["digest"]
        for name in ("NAME", "OTHER")
        for integration in (("XERO", "app"), ("XERO", "other"), ("WAVE", "app"))
    }
    assert len(digests) == 6


def test_one_integration_is_stored_the_same_each_time() -> None:
    first, second = (from_env.stored("NAME", "value", integration=("XERO", "app")) for _ in "12")
    assert first == second


def test_an_unknown_secret_matches_none_and_gets_a_salt() -> None:
    unknown = from_env.unknown({"from_env": "NAME", "digest": ""})
    assert not from_env.matches(unknown, "value")
    assert from_env.matches(from_env.stored("NAME", "value", unknown), "value")


@pytest.mark.parametrize("value", [None, "", "other", "\udcff"])
def test_secret_is_available_only_if_it_can_be_sent(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    stored = from_env.stored("NAME", "value")
    monkeypatch.setenv("NAME", "value")
    assert from_env.is_at_hand(stored)
    if value is None:
        monkeypatch.delenv("NAME")
    else:
        monkeypatch.setenv("NAME", value)
    assert not from_env.is_at_hand(stored)


def test_tracked_secret_is_available_unless_unknown() -> None:
    assert from_env.is_at_hand("value")
    assert not from_env.is_at_hand(from_env.unknown("value"))


def test_a_plain_secret_matches_itself_only() -> None:
    assert from_env.matches("value", "value")
    assert not from_env.matches("value", "other")
    assert not from_env.matches(None, "value")
