"""RootFi's integrations endpoints, one method each.

See create-integrations, get-integration and edit-integration below
https://docs.integrationlabs.co/api-reference/v2/core/integrations/. There is no list and no delete.
"""

from dataclasses import replace
from typing import Any

from rootfi_pulumi.api.errors import RootFiError, UnreadableAnswer
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.api.protocol import INTEGRATIONS_PATH, integration_path
from rootfi_pulumi.api.transport import Transport


class RootFiClient:
    """The client of RootFi's three endpoints. Every method raises only RootFiError (see `api.errors`)."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_integration(
        self, *, integration_type: str, client_id: str, client_secret: str, is_rootfi_identity: bool
    ) -> Integration:
        """Send `POST /integrations`. Not idempotent: a second call creates a second integration."""
        body = {
            "integration_type": integration_type,
            "is_rootfi_identity": is_rootfi_identity,
            "client_id": client_id,
            "client_secret": client_secret,
        }
        return self._call("POST", INTEGRATIONS_PATH, body)

    def get_integration(self, rootfi_id: int) -> Integration:
        """Send `GET /integrations/{id}`. Raises NotFound if the key's organisation does not own it."""
        return self._call("GET", integration_path(rootfi_id), expected_id=rootfi_id)

    def update_integration(
        self,
        rootfi_id: int,
        *,
        client_id: str,
        client_secret: str,
        is_disabled: bool,
        is_rootfi_identity: bool,
    ) -> Integration:
        """Send `PUT /integrations/{id}`. RootFi requires every member each time; the type cannot change."""
        body = {
            "client_id": client_id,
            "client_secret": client_secret,
            "is_disabled": is_disabled,
            "is_rootfi_identity": is_rootfi_identity,
        }
        return self._call("PUT", integration_path(rootfi_id), body, expected_id=rootfi_id)

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
            # Pulumi stores metadata in plain text, so no secret may be in it.
            integration = replace(integration, metadata=self._transport.redact(integration.metadata))
        except ValueError as error:
            raise UnreadableAnswer(method, path, str(error)) from None
        if expected_id not in (None, integration.rootfi_id):
            raise UnreadableAnswer(method, path, f"the answer is about integration {integration.rootfi_id}")
        return integration
