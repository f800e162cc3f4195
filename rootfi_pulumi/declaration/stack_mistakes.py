"""Find the mistakes in a stack's file, with their lines, without running Pulumi.

They are mistakes in our own keys, and whatever keeps the engine from reading the file.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rootfi_pulumi.api.validation import id_problem
from rootfi_pulumi.declaration.model import Integrations, read_integrations
from rootfi_pulumi.declaration.plain_secrets import is_encrypted, plain_secrets_of
from rootfi_pulumi.declaration.problems import ConfigError, Problem
from rootfi_pulumi.declaration.rules import misplaced_declarations, unknown_settings
from rootfi_pulumi.declaration.settings import API_KEY, INTEGRATIONS, NAMESPACE, OF_A_CALL
from rootfi_pulumi.declaration.stack_file import TWO_WAYS, StackFile
from rootfi_pulumi.project.engine_yaml import UnreadableError, plain

ENCRYPTED = "encrypted"
"""Takes the place of an encrypted value, which only Pulumi can decrypt."""

_TWICE = "is set twice, so Pulumi refuses the file: remove one"


class Located(NamedTuple):
    """A mistake and its line in the file, from 1."""

    line: int
    message: str


class Adoption(NamedTuple):
    """An `adopt` in a stack file: its line, from 1, the name of its entry, and the id."""

    line: int
    name: str
    rootfi_id: int


def read_with_mistakes(path: Path) -> tuple[StackFile, list[Located]]:
    """Read a stack's file and find its mistakes; one that the engine refuses is empty. Raises OSError."""
    try:
        file = StackFile.read(path)
    except UnreadableError as error:
        return StackFile(), [Located(error.line, error.what)]
    return file, mistakes_in(file)


def problems_in(text: str, namespace: str | None = None, *, is_json: bool = False) -> list[Located]:
    """Return every mistake in the text of a stack's file."""
    try:
        return mistakes_in(StackFile.parse(text, namespace, is_json=is_json))
    except UnreadableError as error:
        return [Located(error.line, error.what)]


def mistakes_in(file: StackFile) -> list[Located]:
    """Return every mistake of a file's `rootfi:` settings, by line; no credential is in a message."""
    found = {Located(line, str(Problem(path, _TWICE))) for line, path in _named(file.repeated)}
    found |= {Located(line, str(Problem((key,), TWO_WAYS))) for line, key in file.ambiguous}
    return sorted(found | {Located(file.line(each.path), str(each)) for each in _problems_of(file)})


def _named(repeated: tuple[tuple[int, tuple[str, ...]], ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for line, path in repeated:
        short = path[1:] if path[0] == "config" and len(path) > 1 else path
        if "client_secret" in short:
            # A key below it may be a pasted secret.
            short = short[: short.index("client_secret") + 1]
        yield line, tuple(INTEGRATIONS.name if part == INTEGRATIONS.key else part for part in short)


def _problems_of(file: StackFile) -> list[Problem]:
    config = file.config
    problems = [
        *plain_secrets_of(config),
        *unknown_settings(config),
        *_settings(config),
    ]
    others = {key: plain(each.node) for key, each in file.members.items() if _may_be(key)}
    if INTEGRATIONS.key in config:
        problems += _integrations(config[INTEGRATIONS.key])
    elif misplaced := misplaced_declarations(others):
        problems += misplaced
    elif config and not file.is_part and INTEGRATIONS.key not in file.inherited:
        problems.append(
            Problem((INTEGRATIONS.key,), "is not set: name the integrations, or write {} for none")
        )
    return problems


def _may_be(key: str) -> bool:
    return key.endswith(f":{INTEGRATIONS.name}") and not key.startswith(f"{NAMESPACE}:")


def integrations_of(file: StackFile) -> Integrations:
    """Return what a stack file declares; an encrypted credential is replaced by ENCRYPTED.

    Raises ConfigError for what `mistakes_in` finds in it, and if the declaration is encrypted or elsewhere.
    """
    declared = file.declared
    if declared is None or is_encrypted(declared):
        raise ConfigError([Problem((INTEGRATIONS.key,), "is encrypted, or not in this file")])
    return read_integrations(_without_ciphertext(declared))


def adoptions_of(file: StackFile) -> list[Adoption]:
    """Return every usable `adopt` of a stack file, also where other members of the file are mistaken."""
    declared = file.config.get(INTEGRATIONS.key)
    return [
        Adoption(file.line((INTEGRATIONS.name, name, "adopt")), name, int(entry["adopt"]))
        for name, entry in (declared.items() if isinstance(declared, dict) else ())
        if isinstance(entry, dict) and not id_problem(entry.get("adopt"))
    ]


def _settings(config: Mapping[str, Any]) -> Iterator[Problem]:
    for setting in OF_A_CALL:
        value = config.get(setting.key)
        # An API key in plain text is reported by plain_secrets_of.
        is_judged = value == "" if setting is API_KEY else value is not None and not is_encrypted(value)
        if is_judged and (problem := setting.problem_of(str(value))):
            yield Problem((setting.key,), problem)


def _integrations(declared: object) -> list[Problem]:
    if is_encrypted(declared):
        return []
    try:
        read_integrations(_without_ciphertext(declared))
    except ConfigError as error:
        return error.problems
    return []


def _without_ciphertext(value: Any) -> Any:
    if is_encrypted(value):
        return ENCRYPTED
    if isinstance(value, dict):
        return {key: _without_ciphertext(member) for key, member in value.items()}
    return value
