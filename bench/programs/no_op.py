"""A resource with as many properties as an integration, one of them secret, whose provider does nothing.

It is a separate module, like the real provider, so that both are pickled by reference.
"""

from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider

OUTPUTS: dict[str, Any] = {
    "client_secret_version": 1,
    "rootfi_id": 1234,
    "rootfi_created_at": "2026-01-01T00:00:00.000Z",
    "rootfi_updated_at": "2026-01-01T00:00:00.000Z",
    "metadata": {},
    "unfinished": None,
}


class NoOpProvider(ResourceProvider):
    """Returns at once, without any request."""

    serialize_as_secret_always = False

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Find nothing changed."""
        return DiffResult(changes=False)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Return the inputs and as many more outputs as RootFi's answer has."""
        return CreateResult("1234", props | OUTPUTS)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Find nothing changed."""
        return ReadResult(id_, props)


class NoOp(Resource, module="bench", name="NoOp"):
    """The second floor: the cost of any dynamic resource in the engine and the SDK."""

    def __init__(self, name: str, number: int) -> None:
        props = {
            "integration_type": "XERO",
            "client_id": f"client-{number}",
            "client_secret": pulumi.Output.secret(f"secret-of-client-{number}"),
            "is_rootfi_identity": False,
            "is_disabled": False,
            "adopt": None,
            **dict.fromkeys(OUTPUTS),
        }
        super().__init__(NoOpProvider(), name, props)
