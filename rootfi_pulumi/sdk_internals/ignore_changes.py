"""Finds which members `ignore_changes` names, which the SDK does not pass on to a provider.

The engine sends the names with each diff and update. Where they are not found, no member counts as ignored;
the engine has then still put the old inputs in the place of the program's.
"""

from collections.abc import Iterable

from rootfi_pulumi.sdk_internals.sdk_call import variable_of_caller


def ignored_members(members: Iterable[str]) -> set[str]:
    """Return those of `members` whose changes the resource of the calling operation ignores."""
    request = variable_of_caller("request", "ignoreChanges")
    return named_members(members, request.ignoreChanges if request else ())


def named_members(members: Iterable[str], paths: Iterable[str]) -> set[str]:
    """Return those of `members` that these paths of `ignore_changes` name."""
    named = set(paths)
    return {member for member in members if not named.isdisjoint(_paths_to(member))}


def _paths_to(member: str) -> tuple[str, ...]:
    return "*", "[*]", member, f'["{member}"]', f"{member}.digest"
