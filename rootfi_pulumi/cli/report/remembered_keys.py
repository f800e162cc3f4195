"""Remembers which ciphertexts hold the same API key, so that keys are decrypted once and not for each report.

Decrypting a key with a passphrase takes longer than reading a stack's state. The file has digests of
ciphertexts in groups of equal keys, and no part or digest of a key. It needs no expiry, because a ciphertext
has only one plain text: a key that is set again has another ciphertext. It is in Pulumi's own folder:
https://www.pulumi.com/docs/iac/cli/environment-variables/ describes PULUMI_HOME.
"""

import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Self

from rootfi_pulumi.project.project import Project


@dataclass(frozen=True)
class RememberedKeys:
    """A project's file, which holds one comparison: all of its keys were compared with each other."""

    path: Path

    @classmethod
    def of(cls, project: Project) -> Self:
        """Return the file of a project, which may not exist."""
        home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
        name = blake2b(str(project.path).encode(), digest_size=16).hexdigest()
        return cls(home / "rootfi-pulumi" / f"equal-keys-{name}.json")

    def read(self) -> dict[str | None, bytes]:
        """Return for each ciphertext bytes that are equal where the keys are; nothing if none are known."""
        try:
            groups = json.loads(self.path.read_text("utf-8"))["groups"]
            return {str(each): b"group %d" % number for number, group in enumerate(groups) for each in group}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return {}

    def write(self, keys: Mapping[str, bytes]) -> None:
        """Replace what is remembered by what was just compared. Does nothing if that is not possible."""
        groups = defaultdict(list)
        for ciphertext, key in keys.items():
            groups[key].append(ciphertext)
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # A file that appears whole: another report may be reading it.
            handle, made = tempfile.mkstemp(dir=self.path.parent)
            try:
                with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 (a descriptor)
                    json.dump({"groups": list(groups.values())}, file)
                Path(made).replace(self.path)
            except BaseException:
                # The disk may be full, or a folder may have the file's name.
                Path(made).unlink()
                raise
