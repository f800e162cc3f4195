"""Encrypts secrets as a stack does, without writing into the stack's file.

Pulumi writes each ciphertext into a scratch file; only from there it goes, with all others at once, into the
stack's own. So a run that is killed leaves that file as it was, and no secret is ever in one.
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

# What is not of the secrets provider: the scratch file needs none of it, and some of it may be secret.
_NOT_OF_THE_PROVIDER = ("config", "environment")


class Scratch:
    """A stack's file but for its config, in which Pulumi encrypts; `provider` is what it holds by now.

    `provider` differs from the stack's file where Pulumi had to make a key first.
    """

    def __init__(self, project: Project, stack: str, path: Path, content: Mapping[str, Any]) -> None:
        self._project = project
        self._stack = stack
        self._path = path
        self._write({key: value for key, value in content.items() if key not in _NOT_OF_THE_PROVIDER})

    @property
    def provider(self) -> dict[str, Any]:
        """The members of the stack's file that tell how to decrypt."""
        return {key: value for key, value in self._content().items() if key != "config"}

    def encrypt(self, secret: str) -> dict[str, str]:
        """Return `{"secure": …}`. Raises PulumiError."""
        # At the top level: under a path, Pulumi takes some texts for numbers and booleans.
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
        return dict(yaml.safe_load(self._path.read_text()) or {})

    def _write(self, content: Mapping[str, Any]) -> None:
        self._path.write_text(yaml.safe_dump(dict(content)))


@contextmanager
def open_scratch(project: Project, stack: str, content: Mapping[str, Any]) -> Iterator[Scratch]:
    """Make one that exists as long as the block."""
    with tempfile.TemporaryDirectory(prefix="rootfi-pulumi-") as folder:
        yield Scratch(project, stack, Path(folder) / "Pulumi.scratch.yaml", content)
