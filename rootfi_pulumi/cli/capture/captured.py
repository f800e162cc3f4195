"""What a capture will write: entries of a stack's file, or a program and its secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rootfi_pulumi.cli.capture.entries import Entry
from rootfi_pulumi.cli.capture.program import config_key, render_program
from rootfi_pulumi.declaration.from_env import FromEnv
from rootfi_pulumi.declaration.settings import INTEGRATIONS

# Shown in place of a secret's ciphertext, which Pulumi has not made yet.
_PLACEHOLDER = {"secure": "v1:…"}


@dataclass(frozen=True)
class Captured:
    """Entries to write to the declaration in a stack's file, whose path this is."""

    path: Path
    entries: list[Entry]

    @property
    def declarations(self) -> dict[str, Any]:
        """The entries by name, as in the file but without the ciphertexts."""
        return {entry.name: entry.declaration(_PLACEHOLDER) for entry in self.entries}

    @property
    def program(self) -> str | None:
        """The program, or None if the entries are written to the file."""
        return None

    @property
    def variables(self) -> list[str]:
        """The environment variables that the entries take secrets from."""
        secrets = (entry.client_secret for entry in self.entries)
        return [secret.name for secret in secrets if isinstance(secret, FromEnv)]

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets to encrypt into the file, by the names of their entries."""
        secrets = {entry.name: entry.client_secret for entry in self.entries}
        return {name: secret for name, secret in secrets.items() if isinstance(secret, str)}

    def config(self, ciphertexts: Mapping[str, Mapping[str, str]] | None = None) -> dict[str, Any]:
        """Return what to add to the file's config, with these ciphertexts by name or with placeholders."""
        secrets = dict.fromkeys(self.secrets, _PLACEHOLDER) if ciphertexts is None else ciphertexts
        return self._config(secrets)

    def _config(self, ciphertexts: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        found = {each.name: each.declaration(ciphertexts.get(each.name, {})) for each in self.entries}
        return {INTEGRATIONS.key: found}


@dataclass(frozen=True)
class CapturedProgram(Captured):
    """Entries to write as a program. The stack's file gets their secrets, except what it has already."""

    project: str
    present: frozenset[str]

    @property
    def program(self) -> str:
        """The program."""
        return render_program(self.project, self.entries)

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets to encrypt into the file, by the names of their entries."""
        return {name: secret for name, secret in super().secrets.items() if name not in self.present}

    def _config(self, ciphertexts: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        entries = [entry for entry in self.entries if entry.name in ciphertexts]
        return {config_key(self.project, entry): dict(ciphertexts[entry.name]) for entry in entries}
