"""Finds which members of an integration Pulumi's option `ignore_changes` names."""

from collections.abc import Iterable, Sequence


def named_members(members: Iterable[str], paths: Iterable[str]) -> set[str]:
    """Return those of `members` that one of these paths names.

    See https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/
    """
    named = set(paths)
    return {member for member in members if not named.isdisjoint(_paths_to(member))}


def other_members(members: Sequence[str], paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of `members` that none of these paths names, in their order."""
    named = named_members(members, paths)
    return tuple(member for member in members if member not in named)


def _paths_to(member: str) -> tuple[str, ...]:
    return "*", "[*]", member, f'["{member}"]', f"{member}.digest"
