"""Finds, from the provider's code, what the engine called Pulumi's SDK with.

The SDK hands a dynamic provider nothing but ids and properties. What it was called with is in variables of
its method, `request` and `context`, further up the stack; the way there is not public. Where they are not
found, the caller does without.

Checked with the SDK 3.272.0 and the engine 3.274.1.
"""

import inspect
from typing import Any


def variable_of_caller(name: str, member: str) -> Any:
    """Return the nearest caller's local variable of this name that has this member, or None."""
    frame = inspect.currentframe()
    while frame := frame and frame.f_back:
        value = frame.f_locals.get(name)
        if hasattr(value, member):
            return value
    return None
