"""A stack's declaration, and random changes to it."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

# Two types for each name, since a declaration may have each type once.
TYPES = {
    "ada": ("XERO", "WAVE"),
    "ben": ("TALLY", "QUICKBOOKS"),
    "cleo": ("NETSUITE", "WAFEQ"),
    "dan": ("BUSY", "QOYOD"),
    "eve": ("MYOB_BUSINESS", "ODOO_ACCOUNTING"),
}
_SECRETS = 24


@dataclass
class Entry:
    """One declared integration. `stored` says whether its secret is in the state or in the environment."""

    integration_type: str
    client_id: str
    secret: str
    stored: bool
    is_disabled: bool = False
    adopt: int | None = None

    def members(self, client_secret: object) -> dict[str, Any]:
        """Return the entry of `rootfi:integrations`."""
        members = {
            "integration_type": self.integration_type,
            "client_id": self.client_id,
            "client_secret": client_secret,
            "is_disabled": self.is_disabled,
        }
        return members if self.adopt is None else members | {"adopt": self.adopt}


@dataclass
class Declaration:
    """The entries by name, and random changes to them; each change returns a description."""

    random: Random
    entries: dict[str, Entry] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        """Create the secrets. Their number is fixed, since every output is searched for all of them."""
        self.secrets = [f"secret/{self.random.getrandbits(64):x}+{number}" for number in range(_SECRETS)]

    def add(self, name: str) -> str:
        """Declare another integration."""
        self.entries[name] = Entry(
            integration_type=self.random.choice(TYPES[name]),
            client_id=self._client_id(name),
            secret=self.random.choice(self.secrets),
            stored=self.random.random() < 1 / 2,
            is_disabled=self.random.random() < 1 / 6,
        )
        return f"add {name}"

    def change(self, name: str) -> str:
        """Change one member."""
        entry = self.entries[name]
        match what := self.random.choice(["client_id", "secret", "type", "disabled", "way"]):
            case "client_id":
                entry.client_id = self._client_id(name)
            case "secret":
                entry.secret = self.random.choice(self.secrets)
            case "type":
                self.change_type(name)
            case "disabled":
                entry.is_disabled = not entry.is_disabled
            case "way":
                entry.stored = not entry.stored
        return f"change {what} of {name}"

    def change_client_id(self, name: str) -> None:
        """Change a member that is updated in place."""
        self.entries[name].client_id = self._client_id(name)

    def change_type(self, name: str) -> None:
        """Change the type, which replaces the integration, so an adopted one is no longer adopted."""
        entry = self.entries[name]
        first, second = TYPES[name]
        entry.integration_type = second if entry.integration_type == first else first
        entry.adopt = None

    def _client_id(self, name: str) -> str:
        self.count += 1
        return f"{name}-{self.count}"
