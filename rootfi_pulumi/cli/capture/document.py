"""A stack's file: reads it once, adds entries to its text, and replaces it atomically."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rootfi_pulumi.cli.capture.entries import CaptureError
from rootfi_pulumi.cli.capture.stack_text import (
    UnsuitableError,
    add_members,
    add_members_to_json,
    replace_scalar,
)
from rootfi_pulumi.cli.whole_files import replace_file
from rootfi_pulumi.declaration.plain_secrets import is_encrypted
from rootfi_pulumi.declaration.problems import Problem
from rootfi_pulumi.declaration.settings import INTEGRATIONS
from rootfi_pulumi.declaration.stack_file import StackFile, parsed
from rootfi_pulumi.project.engine_yaml import UnreadableError, compose, plain

# The advice for a declaration that is not a mapping.
_OWN_ENTRIES = "write it as a mapping with each secret encrypted, or add the new entries by hand"


@dataclass(frozen=True)
class StackDocument:
    """A stack's file as read; empty if it does not exist yet. `namespace` is the project's name."""

    path: Path
    text: str
    namespace: str | None = None

    @classmethod
    def read(cls, path: Path, namespace: str | None = None) -> Self:
        """Read a file. Raises CaptureError."""
        try:
            # Path.read_text would convert the line endings.
            return cls(path, path.read_bytes().decode(), namespace)
        except FileNotFoundError:
            return cls(path, "", namespace)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "is not UTF-8"
            raise CaptureError(f"{path}: {why}") from None

    @property
    def content(self) -> dict[str, Any]:
        """The parsed file. Raises CaptureError if Pulumi would reject it."""
        try:
            for line, path in self._file().repeated:
                raise CaptureError(f"{self.path}:{line}: {Problem(path, 'is set twice: remove one')}")
            root = compose(self.text, is_json=self._is_json)
            return dict(plain(root)) if root and root.value else {}
        except UnreadableError as error:
            raise CaptureError(f"{self.path}:{error.line}: {error.what}") from None

    @property
    def declared(self) -> dict[str, Any]:
        """The entries of `rootfi:integrations`, maybe none. Raises CaptureError if it is not a mapping."""
        config = self.content.get("config")
        declared = config.get(INTEGRATIONS.key) if isinstance(config, dict) else None
        if is_encrypted(declared):
            raise CaptureError(f"{self.path}: {INTEGRATIONS.key} is encrypted as a whole: {_OWN_ENTRIES}")
        if isinstance(config, dict) and INTEGRATIONS.key not in config:
            self._refuse_another_spelling()
        mapping = parsed(declared)
        if isinstance(mapping, str) and mapping:
            raise CaptureError(f"{self.path}: {INTEGRATIONS.key} is a string: {_OWN_ENTRIES}")
        return mapping if isinstance(mapping, dict) else {}

    @property
    def has_declaration(self) -> bool:
        """Whether the file sets `rootfi:integrations`, possibly to {}. Raises CaptureError."""
        return INTEGRATIONS.key in (self.content.get("config") or {})

    def _refuse_another_spelling(self) -> None:
        # In a project called rootfi, `integrations` is the same key, which must not be set twice.
        if found := self._file().members.get(INTEGRATIONS.key):
            raise CaptureError(
                f"{self.path}:{found.line}: another spelling of {INTEGRATIONS.key}: rename the key"
            )

    def _file(self) -> StackFile:
        return StackFile.parse(self.text, self.namespace, is_json=self._is_json)

    @property
    def _is_json(self) -> bool:
        return self.path.suffix == ".json"

    def with_members(self, *new: Mapping[str, Any]) -> str:
        """Return the text with new members. Raises CaptureError."""
        add = add_members_to_json if self._is_json else add_members
        try:
            text = self._with_mapping()
            for members in new:
                text = add(text, members)
        except UnsuitableError as error:
            raise CaptureError(f"{self.path}: {error}") from None
        return text

    def _with_mapping(self) -> str:
        """Return the text, with a declaration that is a JSON string (Pulumi allows it) as a mapping."""
        config = self.content.get("config")
        if (
            not isinstance(config, dict)
            or not isinstance(config.get(INTEGRATIONS.key), str)
            or not self.declared
        ):
            return self.text
        if self._is_json:
            return json.dumps(self.content | {"config": config | {INTEGRATIONS.key: self.declared}})
        return replace_scalar(self.text, ("config", INTEGRATIONS.key), self.declared)

    def replace(self, text: str) -> None:
        """Replace the file's text atomically. Raises CaptureError."""
        if StackDocument.read(self.path).text != self.text:
            raise CaptureError(f"{self.path}: not written, since it has changed meanwhile: run capture again")
        try:
            replace_file(self.path, text)
        except OSError as error:
            raise CaptureError(f"{self.path}: cannot be written: {error.strerror}") from None
