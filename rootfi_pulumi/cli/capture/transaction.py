"""Declares existing integrations in a stack's file, or in a program whose secrets are in that file.

Reads and checks everything, then writes to the file once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.errors import NotFound
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.transport import Transport
from rootfi_pulumi.cli.capture.captured import Captured, CapturedProgram
from rootfi_pulumi.cli.capture.ciphertext import Scratch, open_scratch
from rootfi_pulumi.cli.capture.document import StackDocument
from rootfi_pulumi.cli.capture.entries import CaptureError, Entry, build_entries
from rootfi_pulumi.cli.capture.program import config_key
from rootfi_pulumi.cli.stack_settings import ConfigValue, StackSettings, read_config, read_settings
from rootfi_pulumi.declaration.model import read_integrations
from rootfi_pulumi.declaration.problems import ConfigError
from rootfi_pulumi.declaration.settings import INTEGRATIONS
from rootfi_pulumi.declaration.stack_mistakes import ENCRYPTED, problems_in
from rootfi_pulumi.project.earlier_runs import StateUnreadableError, read_state
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError
from rootfi_pulumi.state import name_of

Progress = Callable[[Sequence[Any], str], Iterable[Any]]
"""Iterates over a sequence and shows the progress, with a description."""

# Pulumi does not merge this config from several places.
_ELSEWHERE = (
    f"{INTEGRATIONS.key} comes from Pulumi.yaml or an environment, and entries here would replace it: "
    "copy it into this file first"
)
# Of a config key that the program would read.
_OTHER_VALUE = "has another value, or is not encrypted: choose another name with --name"


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
        """Read the integrations and return their entries for the stack's file; write nothing."""
        captured = Captured(self._document.path, self._entries(ids, name, from_env=from_env, in_file=True))
        text = self._document.with_members(*_members(captured.config()))
        problems = problems_in(text, self._project.name, is_json=captured.path.suffix == ".json")
        if problems:
            raise CaptureError(*(f"{captured.path}: {problem.message}" for problem in problems))
        return captured

    def plan_program(self, ids: Sequence[int], *, name: str | None, from_env: bool) -> CapturedProgram:
        """Read the integrations and return their entries for a program; write nothing."""
        entries = self._entries(ids, name, from_env=from_env, in_file=False)
        try:
            read_integrations({each.name: each.members | {"client_secret": ENCRYPTED} for each in entries})
        except ConfigError as error:
            raise CaptureError(*map(str, error.problems)) from None
        captured = CapturedProgram(self._document.path, entries, self._project.name, self._present(entries))
        self._document.with_members(*_members(captured.config()))
        return captured

    def write(self, captured: Captured) -> None:
        """Encrypt the secrets with Pulumi and write what was captured to the stack's file."""
        before = self._document.content
        ciphertexts: dict[str, dict[str, str]] = {}
        with open_scratch(self._project, self._stack, before) as encrypting:
            for name, secret in self._progress([*captured.secrets.items()], "encrypting the secrets"):
                ciphertexts[name] = self._encrypt(encrypting, secret)
            provider = [{key: value} for key, value in encrypting.provider.items() if key not in before]
        text = self._document.with_members(*_members(captured.config(ciphertexts)), *provider)
        if text != self._document.text:
            self._document.replace(text)

    def _entries(self, ids: Sequence[int], name: str | None, *, from_env: bool, in_file: bool) -> list[Entry]:
        declared = self._document.declared
        managed = self._managed()
        already = [rootfi_id for rootfi_id in map(str, ids) if rootfi_id in managed]
        if already:
            raise CaptureError(
                *(f"integration {each}: already managed by {managed[each]}" for each in already)
            )
        settings = read_settings(self._project, self._stack)
        if in_file and settings.has_declaration and not self._document.has_declaration:
            raise CaptureError(f"{self._document.path}: {_ELSEWHERE}")
        by_name = {name_of(urn): rootfi_id for rootfi_id, urn in managed.items()}
        return build_entries(self._read(ids, settings), declared, by_name, name=name, from_env=from_env)

    def _managed(self) -> dict[str, str]:
        try:
            return read_state(self._stack, datetime.now(UTC), self._project.folder).managed
        except StateUnreadableError as error:
            raise PulumiError(error.why) from None

    def _read(self, ids: Sequence[int], settings: StackSettings) -> list[Integration]:
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

    def _present(self, entries: Sequence[Entry]) -> frozenset[str]:
        """Return the names of the entries whose secret is in the stack's config, as the program reads it.

        Raises CaptureError for each whose key has another value.
        """
        keys = {each.name: config_key(self._project.name, each) for each in entries}
        secrets = {each.name: each.client_secret for each in entries if isinstance(each.client_secret, str)}
        config = read_config(self._project, self._stack) if secrets else {}
        taken = [name for name in secrets if keys[name] in config]
        if taken:
            config = read_config(self._project, self._stack, decrypt=True)
        others = [n for n in taken if config[keys[n]] != ConfigValue(secrets[n], is_secret=True)]
        if others:
            raise CaptureError(*(f"{self._document.path}: {keys[name]}: {_OTHER_VALUE}" for name in others))
        return frozenset(taken)

    def _encrypt(self, encrypting: Scratch, secret: str) -> dict[str, str]:
        self._redactor.add(secret)
        try:
            return encrypting.encrypt(secret)
        except PulumiError as error:
            raise PulumiError(self._redactor.redact(str(error))) from None


def _members(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"config": dict(config)}] if config else []
