"""Calls a provider as the SDK does for an engine's message that names ignored changes."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Request:
    """The part of `DiffRequest` and `UpdateRequest` that the SDK keeps to itself."""

    ignoreChanges: list[str]  # noqa: N815 (its name in Pulumi's protocol)


def call(method: Any, *args: Any, ignored: list[str]) -> Any:
    """Return what the method returns."""
    # Where rootfi_pulumi.sdk_internals.sdk_call finds it: in a variable of the caller.
    request = Request(ignored)  # noqa: F841
    return method(*args)
