"""Organisations and integrations, as a test reads and changes them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator

Create = Callable[..., dict[str, Any]]
Call = Callable[..., requests.Response]

MEMBERS: dict[str, Any] = {"integration_type": "XERO", "client_id": "an-id", "client_secret": "a-secret"}


def test_each_organisation_has_its_own_random_key(emulator: Emulator) -> None:
    assert emulator.add_organisation() != emulator.add_organisation()


def test_each_organisation_has_its_own_id(emulator: Emulator) -> None:
    ids = [emulator.organisation_id(emulator.add_organisation()) for _ in range(2)]
    assert ids == [123, 124]


def test_a_given_key_is_taken(emulator: Emulator) -> None:
    assert emulator.add_organisation(api_key="mine") == "mine"


def test_a_key_cannot_be_given_twice(emulator: Emulator) -> None:
    emulator.add_organisation("mine-hushed")
    with pytest.raises(ValueError, match="already") as raised:
        emulator.add_organisation("mine-hushed")
    assert "hushed" not in str(raised.value)


@pytest.mark.parametrize("key", ["", "two words", " spaced", "line\n", "schlüssel"])
def test_a_key_that_no_header_can_carry_is_refused(emulator: Emulator, key: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        emulator.add_organisation(key)


@pytest.mark.parametrize("character", ["\0", "\x85", "\u2028", "\u202e", "\u2069", "\ud800"])
def test_organisation_with_a_hidden_character_is_refused(emulator: Emulator, character: str) -> None:
    with pytest.raises(ValueError, match=rf"has the character U\+{ord(character):04X}: remove it"):
        emulator.add_organisation(name=f"a{character}b")


def test_organisation_is_named_in_any_script(emulator: Emulator) -> None:
    assert emulator.add_organisation(name="\u0646\u200c\u0645 \u05d0\u05d1")


def test_a_changed_key_keeps_the_organisation_and_ends_the_old_key(emulator: Emulator) -> None:
    key = emulator.add_organisation()
    emulator.add_integration(key, **MEMBERS)
    emulator.change_key(key, "another")
    assert len(emulator.integrations("another")) == 1
    with pytest.raises(LookupError):
        emulator.integrations(key)


def test_an_unknown_key_is_an_error_that_does_not_repeat_it(emulator: Emulator) -> None:
    with pytest.raises(LookupError) as raised:
        emulator.integrations("unknown-hushed")
    assert "hushed" not in str(raised.value)


def test_integrations_are_listed_by_organisation_in_id_order(emulator: Emulator) -> None:
    one, other = emulator.add_organisation(), emulator.add_organisation()
    for key in (one, other, one):
        emulator.add_integration(key, **MEMBERS)
    assert [integration.rootfi_id for integration in emulator.integrations(one)] == [1234, 1236]


def test_an_integration_made_outside_ignores_second_post(emulator: Emulator) -> None:
    key = emulator.add_organisation()
    emulator.second_post = "conflict"
    assert [emulator.add_integration(key, **MEMBERS).rootfi_id for _ in range(2)] == [1234, 1235]


def test_edit_changes_the_named_members_only(emulator: Emulator) -> None:
    before = emulator.add_integration(emulator.add_organisation(), **MEMBERS)
    after = emulator.edit(1234, client_id="new", is_rootfi_identity=None)
    assert (after.client_id, after.is_rootfi_identity, after.client_secret, after.is_disabled) == (
        "new",
        None,
        before.client_secret,
        before.is_disabled,
    )


def test_edit_is_seen_by_the_next_look(emulator: Emulator) -> None:
    emulator.add_integration(emulator.add_organisation(), **MEMBERS)
    emulator.edit(1234, is_disabled=True)
    assert emulator.integration(1234).is_disabled


def test_an_integration_returned_earlier_is_not_changed_by_edit(emulator: Emulator) -> None:
    before = emulator.add_integration(emulator.add_organisation(), **MEMBERS)
    emulator.edit(1234, is_disabled=True)
    assert not before.is_disabled


def test_edit_refuses_a_member_that_is_not_rootfis_to_change(emulator: Emulator) -> None:
    emulator.add_integration(emulator.add_organisation(), **MEMBERS)
    wrong: Any = {"rootfi_id": 1}
    with pytest.raises(TypeError, match="rootfi_id"):
        emulator.edit(1234, **wrong)


@pytest.mark.parametrize("act", ["integration", "edit", "remove"])
def test_an_unknown_id_is_an_error_that_names_it(emulator: Emulator, act: str) -> None:
    with pytest.raises(LookupError, match="99"):
        getattr(emulator, act)(99)


def test_remove_removes(emulator: Emulator) -> None:
    key = emulator.add_organisation()
    emulator.add_integration(key, **MEMBERS)
    emulator.remove(1234)
    assert emulator.integrations(key) == []


def test_a_removed_id_is_not_used_again(emulator: Emulator) -> None:
    key = emulator.add_organisation()
    emulator.add_integration(key, **MEMBERS)
    emulator.remove(1234)
    assert emulator.add_integration(key, **MEMBERS).rootfi_id == 1235


@pytest.mark.parametrize("setting", ["secrets", "second_post"])
def test_a_setting_refuses_an_unknown_value(emulator: Emulator, setting: str) -> None:
    with pytest.raises(ValueError, match="must be one of"):
        setattr(emulator, setting, "unknown")


def test_reset_forgets_organisations(emulator: Emulator) -> None:
    key = emulator.add_organisation()
    emulator.reset()
    with pytest.raises(LookupError):
        emulator.integrations(key)


def test_reset_begins_with_the_first_ids_again(emulator: Emulator) -> None:
    emulator.add_integration(emulator.add_organisation(), **MEMBERS)
    emulator.reset()
    integration = emulator.add_integration(emulator.add_organisation(), **MEMBERS)
    assert (integration.rootfi_id, integration.rootfi_organisation_id) == (1234, 123)


def test_reset_sets_the_settings_back(emulator: Emulator) -> None:
    emulator.secrets, emulator.second_post = "null", "conflict"
    emulator.reset()
    assert (emulator.secrets, emulator.second_post) == ("plain", "create")


def test_restore_brings_back_what_a_snapshot_held(emulator: Emulator) -> None:
    key = emulator.add_organisation()
    kept = emulator.add_integration(key, **MEMBERS)
    snapshot = emulator.snapshot()
    emulator.edit(kept.rootfi_id, client_id="another")
    emulator.add_integration(key, **MEMBERS)
    emulator.restore(snapshot)
    assert emulator.integrations(key) == [kept]


def test_a_snapshot_serves_several_emulators(emulator: Emulator) -> None:
    key = emulator.add_organisation()
    emulator.add_integration(key, **MEMBERS)
    snapshot = emulator.snapshot()
    first, second = Emulator(), Emulator()
    for each in (first, second):
        each.restore(snapshot)
    first.remove(1234)
    assert second.integrations(key) == emulator.integrations(key)
    assert first.add_integration(key, **MEMBERS).rootfi_id == 1235


def test_a_snapshots_repr_shows_no_key_and_no_secret(emulator: Emulator) -> None:
    emulator.add_integration(emulator.add_organisation("mine-hushed"), **MEMBERS)
    shown = repr(emulator.snapshot())
    assert ("mine-hushed" in shown, "a-secret" in shown) == (False, False)


def test_an_integrations_repr_masks_the_secret(emulator: Emulator) -> None:
    shown = repr(emulator.add_integration(emulator.add_organisation(), **MEMBERS))
    assert ("client_secret='***'" in shown, "a-secret" in shown) == (True, False)


def test_an_organisations_repr_leaves_out_the_key(emulator: Emulator) -> None:
    emulator.add_organisation("mine-hushed")
    assert "hushed" not in repr(emulator._state.organisation("mine-hushed"))  # noqa: SLF001 - not for users


def test_the_emulators_repr_has_no_key(emulator: Emulator) -> None:
    emulator.add_organisation("mine-hushed")
    assert "hushed" not in repr(emulator)


def test_second_post_create_makes_a_second_integration(create: Create) -> None:
    create()
    assert create()["rootfi_id"] == 1235


def test_second_post_conflict_answers_409(
    create: Create, call: Call, emulator: Emulator, to_create: dict[str, Any]
) -> None:
    emulator.second_post = "conflict"
    create()
    answer = call("POST", "/integrations", to_create)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "record-already-exists")


def test_second_post_existing_answers_the_first_one_unchanged(create: Create, emulator: Emulator) -> None:
    emulator.second_post = "existing"
    first = create()
    assert create(client_id="other") == first


@pytest.mark.parametrize("second_post", ["conflict", "existing"])
def test_second_post_counts_by_type(create: Create, emulator: Emulator, second_post: Any) -> None:
    emulator.second_post = second_post
    create()
    assert create(integration_type="WAVE")["rootfi_id"] == 1235


@pytest.mark.parametrize("second_post", ["conflict", "existing"])
def test_second_post_counts_by_organisation(
    create: Create, call: Call, emulator: Emulator, to_create: dict[str, Any], second_post: Any
) -> None:
    emulator.second_post = second_post
    create()
    other = {"api_key": emulator.add_organisation()}
    assert call("POST", "/integrations", to_create, headers=other).json()["data"]["rootfi_id"] == 1235


def test_many_posts_at_once_are_neither_lost_nor_doubled(
    create: Create, emulator: Emulator, key: str
) -> None:
    with ThreadPoolExecutor(16) as pool:
        names = [f"client-{number}" for number in range(200)]
        answers = pool.map(lambda name: create(client_id=name), names)
        by_name = {data["client_id"]: data["rootfi_id"] for data in answers}
    stored = {integration.client_id: integration.rootfi_id for integration in emulator.integrations(key)}
    assert (by_name, len(stored), len(emulator.requests)) == (stored, 200, 200)


def test_only_one_of_many_posts_at_once_gets_past_a_conflict(
    call: Call, emulator: Emulator, to_create: dict[str, Any]
) -> None:
    emulator.second_post = "conflict"
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: call("POST", "/integrations", to_create).status_code, range(50)))
    assert sorted(statuses) == [200] + [409] * 49


def test_a_given_id_is_taken_and_the_next_one_is_greater(emulator: Emulator, api_key: str) -> None:
    first = emulator.add_integration(api_key, **MEMBERS, rootfi_id=4711)
    second = emulator.add_integration(api_key, **MEMBERS)
    assert (first.rootfi_id, second.rootfi_id) == (4711, 4712)


def test_an_id_cannot_be_given_twice(emulator: Emulator, api_key: str) -> None:
    emulator.add_integration(api_key, **MEMBERS, rootfi_id=4711)
    with pytest.raises(ValueError, match="already has the id 4711"):
        emulator.add_integration(api_key, **MEMBERS, rootfi_id=4711)
