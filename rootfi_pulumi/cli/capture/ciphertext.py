"""Encrypts secrets with a stack's secrets provider, without writing to the stack's file.

Pulumi writes each ciphertext to a scratch file. The caller then writes all of them to the stack's file at
once, so that a killed run leaves that file unchanged. No plain secret is ever written to a file.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from rootfi_pulumi.declaration.plain_secrets import is_encrypted
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

# The members that have nothing to do with the secrets provider, and may be secret.
_NOT_OF_THE_PROVIDER = ("config", "environment")


class Scratch:
    """A copy of a stack's file without its config, into which Pulumi encrypts."""

    def __init__(self, project: Project, stack: str, path: Path, content: Mapping[str, Any]) -> None:
        self._project = project
        self._stack = stack
        self._path = path
        self._write({key: value for key, value in content.items() if key not in _NOT_OF_THE_PROVIDER})

    @property
    def provider(self) -> dict[str, Any]:
        """The members that configure the secrets provider. Pulumi adds a missing key or salt here."""
        return {key: value for key, value in self._content().items() if key != "config"}

    def encrypt(self, secret: str) -> dict[str, str]:
        """Return `{"secure": …}`. Raises PulumiError."""
        # Not --path, with which Pulumi reads some strings as numbers and booleans.
        key = "rootfi:secret"
        self._project.pulumi(
            *("config", "set", "--secret", key, "--stack", self._stack, "--config-file", str(self._path)),
            stdin=secret,
        )
        made = self._content()["config"][key]
        if not is_encrypted(made):
            raise PulumiError("pulumi config set --secret did not encrypt")
        return dict(made)

    def _content(self) -> dict[str, Any]:
        return dict(yaml.safe_load(self._path.read_text("utf-8")) or {})

    def _write(self, content: Mapping[str, Any]) -> None:
        self._path.write_text(yaml.safe_dump(dict(content)), "utf-8")


@contextmanager
def open_scratch(project: Project, stack: str, content: Mapping[str, Any]) -> Iterator[Scratch]:
    """Return a scratch file that exists as long as the block."""
    with tempfile.TemporaryDirectory(prefix="rootfi-pulumi-") as folder:
        yield Scratch(project, stack, Path(folder) / "Pulumi.scratch.yaml", content)
