"""A stack's file as a whole: read once, added to, and replaced in one step."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from rootfi_pulumi.capture.entries import CaptureError
from rootfi_pulumi.capture.stack_text import UnsuitableError, added

INTEGRATIONS = "rootfi:integrations"


@dataclass(frozen=True)
class StackDocument:
    """A stack's file as it was read; empty where there is none yet."""

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read it. Raises CaptureError."""
        try:
            # In bytes: the ends of its lines stay as they are.
            return cls(path, path.read_bytes().decode())
        except FileNotFoundError:
            return cls(path, "")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "is not text in UTF-8"
            raise CaptureError(f"{path}: {why}") from None

    @property
    def content(self) -> dict[str, Any]:
        """What stands in it. Raises CaptureError where that is no mapping."""
        try:
            content = yaml.safe_load(self.text) or {}
        except (yaml.YAMLError, ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise CaptureError(f"{self.path}: is not a stack's file: see `rootfi-pulumi check {self.path}`")
        return content

    @property
    def declared(self) -> dict[str, Any]:
        """The entries of `rootfi:integrations`, or none."""
        config = self.content.get("config")
        declared = config.get(INTEGRATIONS) if isinstance(config, dict) else None
        return declared if isinstance(declared, dict) else {}

    def with_members(self, *new: Mapping[str, Any]) -> str:
        """Return the text with new members. Raises CaptureError."""
        text = self.text
        try:
            for members in new:
                text = added(text, members)
        except UnsuitableError as error:
            raise CaptureError(f"{self.path}: {error}") from None
        return text

    def replace(self, text: str) -> None:
        """Write another text in its place, whole or not at all. Raises CaptureError."""
        if StackDocument.read(self.path).text != self.text:
            raise CaptureError(f"{self.path}: was changed meanwhile, so nothing was written: run again")
        path = self.path.resolve()
        new = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with new.open("xb") as file:
                    file.write(text.encode())
                    os.fsync(file.fileno())
                if path.exists():
                    shutil.copymode(path, new)
                new.replace(path)
            finally:
                new.unlink(missing_ok=True)
        except OSError as error:
            raise CaptureError(f"{self.path}: cannot be written: {error.strerror}") from None
