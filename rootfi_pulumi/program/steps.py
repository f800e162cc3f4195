"""The steps by which a user resolves a create that RootFi may or may not have done."""

from typing import Any

import pulumi

from rootfi_pulumi.sdk_internals.unknown import is_unknown

NOT_SHOWN = "(not shown)"
"""Shown in place of a value that is secret, or that a preview does not know yet."""
OTHERWISE = "3. If it is not:  "
"""What precedes the command for a create that RootFi does not have."""


async def read_shown(value: Any, *, even_secret: bool = False) -> Any:
    """Return an input or output for a message, or NOT_SHOWN if a message must not show it."""
    if not isinstance(value, pulumi.Output):
        return NOT_SHOWN if is_unknown(value) else value
    is_shown = even_secret or not await value.is_secret()
    return await value.future() if is_shown and await value.is_known() else NOT_SHOWN


def list_steps(integration_type: object, client_id: object, otherwise: str) -> str:
    """Return the steps as lines; `otherwise` is the command if RootFi does not have the integration."""
    return (
        f"  1. Look in RootFi for a {integration_type} integration with client id {client_id}.\n"
        "  2. If it is there, add `adopt: <its rootfi_id>` and run:  pulumi up\n"
        f"  {OTHERWISE}{otherwise}"
    )
