"""Finds what the engine called Pulumi's SDK with, from the provider's code.

The SDK passes only ids and properties on to a dynamic provider. The engine's message and its call are in
variables of the SDK's method, `request` and `context`, further up the stack. If they are not found, the
caller does without.
"""

import inspect
from collections.abc import Iterable
from typing import Any


def variable_of_caller(name: str, member: str) -> Any:
    """Return the nearest caller's local variable of this name that has this member, or None."""
    frame = inspect.currentframe()
    while frame := frame and frame.f_back:
        value = frame.f_locals.get(name)
        if hasattr(value, member):
            return value
    return None


def ignored_paths() -> Iterable[str]:
    """Return the paths in `ignore_changes` of the resource that the engine asks to diff or update.

    If the engine's message is not found, there are none. The engine has then still replaced the program's
    inputs at these paths by the old ones.
    """
    request = variable_of_caller("request", "ignoreChanges")
    return tuple(request.ignoreChanges) if request else ()
