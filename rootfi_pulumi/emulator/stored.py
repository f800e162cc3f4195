"""What the emulated RootFi stores: organisations, integrations, and both at one moment."""

from dataclasses import dataclass, field, fields
from typing import Any, TypedDict

from rootfi_pulumi.emulator.models import timestamp
from rootfi_pulumi.emulator.recording import MASKED


@dataclass(frozen=True, slots=True)
class Organisation:
    """A customer of RootFi, which owns an API key.

    `name` is for the emulator's page; RootFi has no such name. `is_made_up` means that the emulator chose the
    key: it opens nothing else, so the page may show it.
    """

    id: int
    api_key: str = field(repr=False)
    name: str
    is_made_up: bool = False

    def masked(self) -> dict[str, Any]:
        """Return the members for the page, with "***" for the key; `made_up_key` is None for a given key."""
        made_up_key = self.api_key if self.is_made_up else None
        return {"id": self.id, "name": self.name, "api_key": MASKED, "made_up_key": made_up_key}


@dataclass(frozen=True, slots=True, repr=False)
class StoredIntegration:
    """One integration, with RootFi's member names. The secret is plain here and masked in `repr()`."""

    rootfi_id: int
    rootfi_organisation_id: int
    integration_type: str
    client_id: str
    client_secret: str
    is_disabled: bool = False
    is_rootfi_identity: bool | None = False
    metadata: dict[str, Any] = field(default_factory=dict)
    rootfi_company_id: int | None = None
    rootfi_created_at: str = field(default_factory=timestamp)
    rootfi_updated_at: str = field(default_factory=timestamp)

    def masked(self) -> dict[str, Any]:
        """Return the members, with "***" for the secret."""
        members = {member.name: getattr(self, member.name) for member in fields(self)}
        return {**members, "client_secret": MASKED}

    def declared(self) -> dict[str, Any]:
        """Return the members that a client can declare, the secret in plain."""
        return {name: getattr(self, name) for name in IntegrationChanges.__annotations__}

    def __repr__(self) -> str:
        return f"StoredIntegration({', '.join(f'{name}={value!r}' for name, value in self.masked().items())})"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Organisations and integrations at one moment. It holds keys and secrets, but `repr()` shows neither."""

    organisations: dict[str, Organisation] = field(repr=False)
    integrations: dict[int, StoredIntegration] = field(repr=False)
    next_integration_id: int


class IntegrationChanges(TypedDict, total=False):
    """The members that `edit` can change."""

    integration_type: str
    client_id: str
    client_secret: str
    is_disabled: bool
    is_rootfi_identity: bool | None
    metadata: dict[str, Any]
