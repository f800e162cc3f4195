"""Declares existing integrations in a stack's file: reads and checks all, then writes all at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.errors import NotFound
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.transport import Transport
from rootfi_pulumi.cli.capture.ciphertext import Scratch, open_scratch
from rootfi_pulumi.cli.capture.document import StackDocument
from rootfi_pulumi.cli.capture.entries import CaptureError, Entry, build_entries
from rootfi_pulumi.cli.stack_settings import read_settings
from rootfi_pulumi.declaration.from_env import FromEnv
from rootfi_pulumi.declaration.settings import INTEGRATIONS
from rootfi_pulumi.declaration.stack_mistakes import problems_in
from rootfi_pulumi.project.earlier_runs import StateUnreadableError, read_state
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError
from rootfi_pulumi.state import name_of

Progress = Callable[[Sequence[Any], str], Iterable[Any]]
"""Iterates over a sequence and shows the progress, with a description."""

# Shown in place of a secret's ciphertext, which Pulumi has not made yet.
_PLACEHOLDER = {"secure": "v1:…"}
# Pulumi does not merge this config from several places.
_ELSEWHERE = (
    f"{INTEGRATIONS.key} comes from Pulumi.yaml or an environment, and entries here would replace it: "
    "copy it into this file first"
)


@dataclass(frozen=True)
class Captured:
    """The entries to write to a stack's file."""

    path: Path
    entries: list[Entry]

    @property
    def declarations(self) -> dict[str, Any]:
        """The entries by name, as in the file but without the ciphertexts."""
        return {entry.name: entry.declaration(_PLACEHOLDER) for entry in self.entries}

    @property
    def variables(self) -> list[str]:
        """The environment variables that the entries take secrets from."""
        secrets = (entry.client_secret for entry in self.entries)
        return [secret.name for secret in secrets if isinstance(secret, FromEnv)]


class Capture:
    """One capture into one stack. `say` gets a line for each wait that a user would notice.

    The methods raise CaptureError, PulumiError, SettingsError and RootFiError.
    """

    def __init__(
        self, project: Project, stack: str, *, progress: Progress, say: Callable[[str], None]
    ) -> None:
        self._project = project
        self._stack = stack
        self._progress = progress
        self._say = say
        self._redactor = Redactor()
        self._document = StackDocument.read(project.stack_file(stack), project.name)

    def plan(self, ids: Sequence[int], *, name: str | None, from_env: bool) -> Captured:
        """Read the integrations and return their entries; write nothing."""
        declared = self._document.declared
        managed = self._managed()
        already = [rootfi_id for rootfi_id in map(str, ids) if rootfi_id in managed]
        if already:
            raise CaptureError(
                *(f"integration {each}: already managed by {managed[each]}" for each in already)
            )
        by_name = {name_of(urn): rootfi_id for rootfi_id, urn in managed.items()}
        found = build_entries(self._read(ids), declared, by_name, name=name, from_env=from_env)
        captured = Captured(self._document.path, found)
        text = self._document.with_members(_config(captured.declarations))
        problems = problems_in(text, self._project.name, is_json=captured.path.suffix == ".json")
        if problems:
            raise CaptureError(*(f"{captured.path}: {problem.message}" for problem in problems))
        return captured

    def write(self, captured: Captured) -> None:
        """Encrypt the secrets with Pulumi and write the entries to the stack's file."""
        before = self._document.content
        declarations: dict[str, Any] = {}
        with open_scratch(self._project, self._stack, before) as encrypting:
            for entry in self._progress(captured.entries, "encrypting the secrets"):
                secret = entry.client_secret
                ciphertext = self._encrypt(encrypting, secret) if isinstance(secret, str) else {}
                declarations[entry.name] = entry.declaration(ciphertext)
            provider = [{key: value} for key, value in encrypting.provider.items() if key not in before]
        self._document.replace(self._document.with_members(_config(declarations), *provider))

    def _managed(self) -> dict[str, str]:
        try:
            return read_state(self._stack, datetime.now(UTC), self._project.folder).managed
        except StateUnreadableError as error:
            raise PulumiError(error.why) from None

    def _read(self, ids: Sequence[int]) -> list[Integration]:
        settings = read_settings(self._project, self._stack)
        if settings.has_declaration and not self._document.has_declaration:
            raise CaptureError(f"{self._document.path}: {_ELSEWHERE}")
        client = RootFiClient(Transport(settings.resolve(), self._redactor, say=self._say))
        found = []
        missing = []
        for rootfi_id in self._progress(ids, "reading integrations"):
            try:
                found.append(client.get_integration(rootfi_id))
            except NotFound as error:
                missing.append(str(error))
        if missing:
            raise CaptureError(*missing)
        return found

    def _encrypt(self, encrypting: Scratch, secret: str) -> dict[str, str]:
        self._redactor.add(secret)
        try:
            return encrypting.encrypt(secret)
        except PulumiError as error:
            raise PulumiError(self._redactor.redact(str(error))) from None


def _config(declarations: Mapping[str, Any]) -> dict[str, Any]:
    return {"config": {INTEGRATIONS.key: dict(declarations)}}
