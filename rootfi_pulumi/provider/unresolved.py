"""A create whose outcome is unknown, as it stands in the state until somebody says what became of it."""

import secrets
from datetime import UTC, datetime

from pulumi.dynamic import CreateResult

from rootfi_pulumi.api.errors import RootFiError
from rootfi_pulumi.provider.inputs import Props
from rootfi_pulumi.state import UNFINISHED, URN, unresolved_id


def unresolved(props: Props, error: RootFiError) -> CreateResult:
    """Return a resource with a provisional id and an output `unfinished` that says what to do."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    unfinished = (
        f"since {when}: {error}: look in RootFi for a {props['integration_type']} integration with client id "
        f"{props['client_id']} made about then; if it is there, declare `adopt: <its rootfi_id>` and run "
        f"`pulumi up`, else run `pulumi up --replace '{URN}'` to create it once more"
    )
    return CreateResult(unresolved_id(secrets.token_hex(6)), {**props, UNFINISHED: unfinished})
