"""Finds which members of an integration Pulumi's option `ignore_changes` names."""

from collections.abc import Iterable


def named_members(members: Iterable[str], paths: Iterable[str]) -> set[str]:
    """Return those of `members` that one of these paths names.

    See https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/
    """
    named = set(paths)
    return {member for member in members if not named.isdisjoint(_paths_to(member))}


def _paths_to(member: str) -> tuple[str, ...]:
    return "*", "[*]", member, f'["{member}"]', f"{member}.digest"
