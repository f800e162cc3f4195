"""A create whose outcome is unknown, as it stands in the state until somebody says what became of it."""

import secrets
from datetime import UTC, datetime

from pulumi.dynamic import CreateResult

from rootfi_pulumi.api.errors import RootFiError
from rootfi_pulumi.inputs import Props

URN = "<urn>"
"""Stands for the resource's URN in `unfinished`: the program knows it, the plugin does not."""

_PREFIX = "unresolved-"


def unresolved(props: Props, error: RootFiError) -> CreateResult:
    """Return a resource with a provisional id and an output `unfinished` that says what to do."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    unfinished = (
        f"since {when}: {error}: look in RootFi for a {props['integration_type']} integration with client id "
        f"{props['client_id']} made about then; if it is there, declare `adopt: <its rootfi_id>` and run "
        f"`pulumi up`, else run `pulumi up --replace '{URN}'` to create it once more"
    )
    return CreateResult(_PREFIX + secrets.token_hex(6), {**props, "unfinished": unfinished})


def is_unresolved(id_: str) -> bool:
    """Tell whether a resource's id is provisional."""
    return id_.startswith(_PREFIX)
