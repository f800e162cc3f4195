"""RootFi's integrations endpoints, one method each.

Rests on https://docs.integrationlabs.co/api-reference/v2/core/integrations/ : create-integrations,
get-integration, edit-integration. There is no list and no delete.
"""

from dataclasses import replace
from typing import Any

from rootfi_pulumi.api.errors import RootFiError, UnreadableAnswer
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.api.transport import Transport


class RootFiClient:
    """The three calls. Each raises a RootFiError (see `api.errors`) and nothing else."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_integration(
        self, *, integration_type: str, client_id: str, client_secret: str, is_rootfi_identity: bool
    ) -> Integration:
        """`POST /integrations`. Not idempotent: a second call makes a second integration."""
        body = {
            "integration_type": integration_type,
            "is_rootfi_identity": is_rootfi_identity,
            "client_id": client_id,
            "client_secret": client_secret,
        }
        return self._call("POST", "/integrations", body)

    def get_integration(self, rootfi_id: int) -> Integration:
        """`GET /integrations/{id}`. Raises NotFound where the key's organisation has none of this id."""
        return self._call("GET", f"/integrations/{rootfi_id}", expected_id=rootfi_id)

    def update_integration(
        self,
        rootfi_id: int,
        *,
        client_id: str,
        client_secret: str,
        is_disabled: bool,
        is_rootfi_identity: bool,
    ) -> Integration:
        """`PUT /integrations/{id}`. RootFi wants every member each time; the type cannot change."""
        body = {
            "client_id": client_id,
            "client_secret": client_secret,
            "is_disabled": is_disabled,
            "is_rootfi_identity": is_rootfi_identity,
        }
        return self._call("PUT", f"/integrations/{rootfi_id}", body, expected_id=rootfi_id)

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, expected_id: int | None = None
    ) -> Integration:
        try:
            return self._integration(method, path, self._transport.request(method, path, body), expected_id)
        except RootFiError as error:
            error.sources = self._transport.sources
            raise

    def _integration(self, method: str, path: str, data: object, expected_id: int | None) -> Integration:
        try:
            integration = Integration.parse(data)
            # It goes into the state in clear, whatever RootFi keeps there.
            integration = replace(integration, metadata=self._transport.redact(integration.metadata))
        except ValueError as error:
            raise UnreadableAnswer(method, path, str(error)) from None
        if expected_id not in (None, integration.rootfi_id):
            raise UnreadableAnswer(method, path, f"the answer is about integration {integration.rootfi_id}")
        return integration
