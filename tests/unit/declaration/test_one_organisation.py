from typing import Any

import pytest

from rootfi_pulumi.declaration.one_organisation import Holding, Shared, shared, stacks_to_compare

ONE, OTHER = b"digest of a key", b"digest of another"
HERE, SAUDI = "https://api.rootfi.dev", "https://api.sa.rootfi.dev"


def xero(stack: str, *ids: int, **known: Any) -> Holding:
    return Holding(stack, "xero", "XERO", frozenset(ids), **known)


def named(*holdings: Holding) -> list[tuple[int | str, tuple[str, ...]]]:
    return [(each.what, each.stacks) for each in shared(holdings)]


def test_id_in_two_stacks_is_shared() -> None:
    assert named(xero("dev", 1001), xero("u", 1001), xero("prod", 1002)) == [(1001, ("dev", "u"))]


def test_id_twice_in_one_stack_is_not_shared() -> None:
    assert named(xero("dev", 1001), xero("dev", 1001)) == []


def test_adopted_id_counts_as_well_as_the_managed_one() -> None:
    assert named(xero("dev", 1001), xero("u", 1005), xero("u", 1001)) == [(1001, ("dev", "u"))]


@pytest.mark.parametrize(
    ("one", "other", "is_shared"),
    [(HERE, SAUDI, False), (HERE, f"{HERE}/", True), (HERE, None, True), (None, None, True)],
)
def test_different_servers_share_nothing(one: str | None, other: str | None, is_shared: bool) -> None:
    by_id = named(xero("dev", 1, base_url=one), xero("u", 1, base_url=other))
    by_type = named(xero("dev", 1, base_url=one, key=ONE), xero("u", 2, base_url=other, key=ONE))
    assert (bool(by_id), bool(by_type)) == (is_shared, is_shared)


def test_servers_that_differ_are_shared_apart() -> None:
    stacks = {"a": HERE, "b": SAUDI, "c": HERE, "d": SAUDI}
    found = named(*(xero(stack, 1001, base_url=url) for stack, url in stacks.items()))
    assert found == [(1001, ("a", "c")), (1001, ("b", "d"))]


def test_stack_of_unknown_server_joins_the_others() -> None:
    found = named(xero("a", 1, base_url=HERE), xero("b", 1, base_url=SAUDI), xero("c", 1))
    assert found == [(1, ("a", "b", "c"))]


@pytest.mark.parametrize(
    ("one", "other", "same_key"),
    [(ONE, ONE, True), (ONE, OTHER, False), (ONE, None, None), (None, None, None)],
)
def test_same_id_says_whether_the_keys_are_the_same(
    one: bytes | None, other: bytes | None, same_key: bool | None
) -> None:
    [found] = shared([xero("dev", 1001, key=one), xero("u", 1001, key=other)])
    assert found.same_key is same_key


@pytest.mark.parametrize(("other", "is_shared"), [(ONE, True), (OTHER, False), (None, False)])
def test_type_is_shared_with_the_same_key_alone(other: bytes | None, is_shared: bool) -> None:
    found = named(xero("dev", 1001, key=ONE), xero("u", 1002, key=other))
    assert found == ([("XERO", ("dev", "u"))] if is_shared else [])


def test_other_types_in_one_organisation_are_no_finding() -> None:
    assert named(xero("dev", key=ONE), Holding("u", "wave", "WAVE", key=ONE)) == []


def test_same_id_explains_the_same_type() -> None:
    assert named(xero("dev", 1001, key=ONE), xero("u", 1001, key=ONE)) == [(1001, ("dev", "u"))]


def test_same_id_does_not_explain_a_third_stack() -> None:
    found = named(xero("dev", 1, key=ONE), xero("u", 1, key=ONE), xero("v", 2, key=ONE))
    assert found == [(1, ("dev", "u")), ("XERO", ("dev", "u", "v"))]


def test_unknown_types_are_not_the_same() -> None:
    assert named(Holding("dev", "a", key=ONE), Holding("u", "b", key=ONE)) == []


def test_keys_are_needed_where_types_or_ids_meet() -> None:
    wave = Holding("prod", "wave", "WAVE", key=b"")
    holdings = [xero("dev", 1, key=b""), xero("u", 2, key=b""), wave]
    assert stacks_to_compare(holdings) == {"dev", "u"}


def test_keys_of_different_servers_are_not_needed() -> None:
    holdings = [xero("dev", base_url=HERE, key=b""), xero("u", base_url=SAUDI, key=b"")]
    assert stacks_to_compare(holdings) == set()


def test_digest_is_in_no_repr() -> None:
    holding = xero("dev", key=ONE)
    assert "digest" not in repr([holding, Shared(1, (holding,))])
