"""Tells which members `ignore_changes` names, which the SDK does not pass on to a provider.

The engine sends the names with each diff and update. The way to them is not public: the SDK's method that
calls the provider has the engine's message in a variable `request`. Where that is not as expected, no member
counts as ignored; the engine has then still put the old inputs in the place of the program's.

Checked with the SDK 3.272.0 and the engine 3.274.1.
"""

import sys
from collections.abc import Iterable

# Frames up to the SDK's method: those of this module and of the provider, and one to spare.
_FARTHEST = 6


def ignored_members(members: Iterable[str]) -> set[str]:
    """Return those of `members` whose changes the resource of the calling operation ignores."""
    paths = _paths()
    return {member for member in members if not paths.isdisjoint(_paths_to(member))}


def _paths() -> set[str]:
    frame = sys._getframe(1)  # noqa: SLF001 (there is no other way)
    for _ in range(_FARTHEST):
        paths = getattr(frame.f_locals.get("request"), "ignoreChanges", None)
        if paths is not None:
            return set(paths)
        if frame.f_back is None:
            break
        frame = frame.f_back
    return set()


def _paths_to(member: str) -> tuple[str, ...]:
    return "*", "[*]", member, f'["{member}"]', f"{member}.digest"
