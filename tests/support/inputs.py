"""A resource's inputs, the state after their create, and a value that a preview does not know."""

from typing import Any

from pulumi.output import Unknown

INPUTS = {
    "integration_type": "XERO",
    "client_id": "app",
    "client_secret": "hunter2",
    "is_rootfi_identity": False,
    "is_disabled": False,
}
STATE = (
    INPUTS
    | {"client_secret_version": 1.0}
    | {"rootfi_id": 1234.0, "rootfi_created_at": "then", "metadata": {}}
)
_Unknown: Any = Unknown  # the SDK's class, whose constructor has no types
UNKNOWN = _Unknown()
