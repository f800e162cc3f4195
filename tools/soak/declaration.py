"""What somebody declares in a stack, and how it changes."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

# Two types for each name: a declaration may hold a type once.
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
    """One integration as declared; `stored` tells whether the state or the environment has its secret."""

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
    """The entries by name, and the random changes of them; each returns what it did."""

    random: Random
    entries: dict[str, Entry] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        """Make the secrets that will be used, in turns: what is hunted for must not grow without end."""
        self.secrets = [f"secret/{self.random.getrandbits(64):x}+{number}" for number in range(_SECRETS)]

    def add(self, name: str) -> str:
        """Declare an integration that was not."""
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
        """Change what is updated in place."""
        self.entries[name].client_id = self._client_id(name)

    def change_type(self, name: str) -> None:
        """Change what replaces. An adopted one has the type that it has, so another is not that one."""
        entry = self.entries[name]
        first, second = TYPES[name]
        entry.integration_type = second if entry.integration_type == first else first
        entry.adopt = None

    def _client_id(self, name: str) -> str:
        self.count += 1
        return f"{name}-{self.count}"
