"""Checks stack files for plain secrets and other mistakes, and the environment for missing variables."""

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rootfi_pulumi.cli.doctor.access import read_variable
from rootfi_pulumi.cli.doctor.finding import Finding, Subject, note, ok, problem
from rootfi_pulumi.cli.stack_settings import ConfigValue
from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.declaration.model import read_integrations
from rootfi_pulumi.declaration.plain_secrets import IN_PLAIN_TEXT, NOT_HERE, path_to_secret, plain_secrets_of
from rootfi_pulumi.declaration.problems import ConfigError, Problem
from rootfi_pulumi.declaration.settings import API_KEY, INTEGRATIONS
from rootfi_pulumi.declaration.stack_file import StackFile, parsed
from rootfi_pulumi.declaration.stack_mistakes import Located, read_with_mistakes
from rootfi_pulumi.project.engine_yaml import UnreadableError
from rootfi_pulumi.project.project import Project

_HIDE = "encrypt it, or take it from an environment variable"
_ROTATE = "rotate it: anyone with the file can read it"


def check_stack_files(project: Project, stack: str | None) -> list[Finding]:
    """Find the mistakes in every stack file, as `rootfi-pulumi check` does.

    A mistake in the file of a stack other than `stack` is a note, since it does not affect this stack's runs.
    """
    found: list[Finding] = []
    checked = 0
    own = stack.rpartition("/")[2] if stack else ""
    for name, path in {**project.stack_files(), own: project.stack_file(own), "": project.path}.items():
        # Every stack inherits what the project's file sets.
        finding = problem if name in (own, "") else note
        if not path.exists():
            continue
        try:
            file, mistakes = read_with_mistakes(path)
        except OSError:
            why = f"{os.path.relpath(path)}: cannot be read"
            found.append(finding(Subject.STACK_FILES, why, "make it a readable UTF-8 file"))
            continue
        # A file without config belongs to another project, or is new: `pulumi stack init` only writes a salt.
        is_ours = bool(file.config) or b"rootfi:" in path.read_bytes()
        checked += is_ours
        if is_ours or finding is problem:
            found += _findings(name, path, file, mistakes, finding)
    return found or [ok(Subject.STACK_FILES, f"{checked} checked, no mistakes")]


def _findings(
    stack: str, path: Path, file: StackFile, mistakes: Sequence[Located], finding: Callable[..., Finding]
) -> list[Finding]:
    shown = os.path.relpath(path)
    plain = {str(each): each for each in plain_secrets_of(file.config)}
    found = []
    for mistake in mistakes:
        what, remedy, command = mistake.message, "correct the line", ""
        secret = plain.get(what)
        if secret and secret.what == NOT_HERE:
            remedy = _ROTATE
        elif secret and stack:
            # The remedy says what the rest of the message says.
            what = str(secret._replace(what=IN_PLAIN_TEXT))
            remedy, command = f"{_HIDE}, and {_ROTATE}", _encrypt(secret, stack)
        elif secret:
            # `pulumi config set` only writes stack files, so it cannot encrypt a value in Pulumi.yaml.
            remedy = f"remove it and {_ROTATE}"
        found.append(finding(Subject.STACK_FILES, f"{shown}:{mistake.line}: {what}", remedy, command))
    return found


def check_required(project: Project, stack: str, config: Mapping[str, object]) -> list[Finding]:
    """Find config that Pulumi.yaml or the program requires and the stack lacks: `up` would fail."""
    declared = project.settings.get("config")
    keys = declared if isinstance(declared, dict) else {}
    required = {key if ":" in key else f"{project.name}:{key}" for key in keys}
    # Pulumi does not require keys of other namespaces.
    by = {key: "Pulumi.yaml requires" for key in required if key.startswith(f"{project.name}:")}
    if project.program_mentions("from_stack_config"):
        by.setdefault(INTEGRATIONS.key, "the program requires")
    return [
        problem(Subject.DECLARATION, f"{key} is not set: {by[key]} it", _how_to_set(project, stack, key))
        for key in sorted(by.keys() - config.keys() - project.config.keys())
    ]


def check_decrypted(config: Mapping[str, ConfigValue]) -> list[Finding]:
    """Find the mistakes that only the decrypted declaration shows. No finding contains a credential."""
    try:
        if INTEGRATIONS.key in config:
            read_integrations(parsed(config[INTEGRATIONS.key].text))
    except ConfigError as error:
        remedy = "correct the encrypted value"
        return [problem(Subject.DECLARATION, str(each), remedy) for each in error.problems]
    return []


def _how_to_set(project: Project, stack: str, key: str) -> str:
    shown = os.path.relpath(project.stack_file(stack))
    if key == INTEGRATIONS.key:
        return f"declare the integrations in {shown}, or write {{}} for none"
    if key.endswith(f":{INTEGRATIONS.name}"):
        return f"remove it from Pulumi.yaml: the program reads {INTEGRATIONS.key}"
    if key == API_KEY.key:
        return f"set it with `pulumi config set --secret {API_KEY.key}`"
    return f"set it in {shown}, or give it a default in Pulumi.yaml"


def _encrypt(secret: Problem, stack: str) -> str:
    key = secret.path[0]
    if key == INTEGRATIONS.name:
        key = f"--path {path_to_secret(secret.path[1])}"
    return f"pulumi config set --secret {key} --stack {shlex.quote(stack)}"


def check_variables(project: Project, stack: str, config: Mapping[str, ConfigValue] | None) -> list[Finding]:
    """Check that the environment variables named by `from_env` are set. `config` is decrypted, or None."""
    known = config is not None and INTEGRATIONS.key in config
    declared = (
        parsed(config[INTEGRATIONS.key].text) if config and known else _declared(project.stack_file(stack))
    )
    names = sorted(_named(declared))
    found = [
        problem(Subject.VARIABLES, why, "enter its value; your input is hidden", read_variable(name))
        for name in names
        if (why := from_env.variable_problem(name))
    ]
    return found or [ok(Subject.VARIABLES, ", ".join(names) if names else "none needed")]


def _declared(path: Path) -> object:
    try:
        return StackFile.read(path).declared
    except (OSError, UnreadableError):
        return None


def _named(declared: object) -> set[str]:
    entries = declared.values() if isinstance(declared, dict) else ()
    secrets = (entry.get("client_secret") for entry in entries if isinstance(entry, dict))
    names = {from_env.variable(secret) for secret in secrets}
    return {name for name in names if name and not from_env.name_problem(name)}
