"""What stands in the stacks' files: plain secrets and other mistakes, and variables that are not set."""

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from rootfi_pulumi.cli.doctor.access import read_variable
from rootfi_pulumi.cli.doctor.finding import Finding, note, ok, problem
from rootfi_pulumi.cli.stack_settings import ConfigValue
from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.declaration.model import read_integrations
from rootfi_pulumi.declaration.plain_secrets import path_to_secret, plain_secrets_of
from rootfi_pulumi.declaration.problems import ConfigError, Problem
from rootfi_pulumi.declaration.settings import API_KEY, INTEGRATIONS
from rootfi_pulumi.declaration.stack_file import StackFile, parsed
from rootfi_pulumi.declaration.stack_mistakes import Located, read_with_mistakes
from rootfi_pulumi.project.engine_yaml import UnreadableError
from rootfi_pulumi.project.project import Project

_FILES, _REQUIRED, _VARIABLES = "stack files", "declaration", "variables"


def check_stack_files(project: Project, stack: str | None) -> list[Finding]:
    """Look for mistakes in every file of a stack, as `rootfi-pulumi check` does.

    One in another stack's file than that of `stack` is a note: it keeps no run of this stack from starting.
    """
    found: list[Finding] = []
    looked_at = 0
    own = stack.rpartition("/")[2] if stack else ""
    for name, path in {**project.stack_files(), own: project.stack_file(own), "": project.path}.items():
        # What the project's file gives is every stack's.
        finding = problem if name in (own, "") else note
        if not path.exists():
            continue
        try:
            file, mistakes = read_with_mistakes(path)
        except OSError:
            why = f"{os.path.relpath(path)}: cannot be read"
            found.append(finding(_FILES, why, "make it a readable file in UTF-8"))
            continue
        # Without any, it is another project's, or new: `pulumi stack init` writes a salt and nothing else.
        is_ours = bool(file.config) or b"rootfi:" in path.read_bytes()
        looked_at += is_ours
        if is_ours or finding is problem:
            found += _told(name, path, file, mistakes, finding)
    return found or [ok(_FILES, f"{looked_at} without a mistake")]


def _told(
    stack: str, path: Path, file: StackFile, mistakes: Sequence[Located], finding: Callable[..., Finding]
) -> list[Finding]:
    shown = os.path.relpath(path)
    plain = {str(each): each for each in plain_secrets_of(file.config)}
    found = []
    for mistake in mistakes:
        message = f"{shown}:{mistake.line}: {mistake.message}"
        if mistake.message in plain:
            remedy = "encrypt it, and rotate it: whoever has the file has it"
            if not stack:
                # `pulumi config set` writes into a stack's file.
                found.append(
                    finding(_FILES, message, "take it out, and rotate it: whoever has the file has it")
                )
                continue
            found.append(finding(_FILES, message, remedy, _encrypt(plain[mistake.message], stack)))
        else:
            found.append(finding(_FILES, message, "correct the line"))
    return found


def check_required(project: Project, stack: str, config: Mapping[str, object]) -> list[Finding]:
    """Look for what Pulumi.yaml or the program demands and the stack lacks: `up` refuses to start."""
    declared = project.settings.get("config")
    keys = declared if isinstance(declared, dict) else {}
    demanded = {key if ":" in key else f"{project.name}:{key}" for key in keys}
    # A key of another namespace is demanded of no stack.
    by = {key: "Pulumi.yaml demands" for key in demanded if key.startswith(f"{project.name}:")}
    if _reads_declaration(project):
        by.setdefault(INTEGRATIONS.key, "the program reads")
    return [
        problem(_REQUIRED, f"{key} is not set, and {by[key]} it", _set(project, stack, key))
        for key in sorted(by.keys() - config.keys() - project.config.keys())
    ]


def check_decrypted(config: Mapping[str, ConfigValue]) -> list[Finding]:
    """Look for mistakes in what only the decrypted declaration shows. No credential is in a finding."""
    try:
        if INTEGRATIONS.key in config:
            read_integrations(parsed(config[INTEGRATIONS.key].text))
    except ConfigError as error:
        return [problem(_REQUIRED, str(each), "correct it, encrypted as it is") for each in error.problems]
    return []


def _reads_declaration(project: Project) -> bool:
    """Return whether the program makes what the stack declares, as far as its text shows that."""
    main = project.folder / str(project.settings.get("main") or ".")
    files = main.glob("*.py") if main.is_dir() else [main]
    with suppress(OSError):
        return any(b"from_stack_config" in path.read_bytes() for path in files)
    return False


def _set(project: Project, stack: str, key: str) -> str:
    shown = os.path.relpath(project.stack_file(stack))
    if key == INTEGRATIONS.key:
        return f"declare the integrations in {shown}, or write {{}} for none"
    if key.endswith(f":{INTEGRATIONS.name}"):
        return f"take it out of Pulumi.yaml: the program reads {INTEGRATIONS.key}"
    if key == API_KEY.key:
        return f"encrypt it by `pulumi config set --secret {API_KEY.key}`"
    return f"set it in {shown}, or give it a default in Pulumi.yaml"


def _encrypt(secret: Problem, stack: str) -> str:
    key = secret.path[0]
    if key == INTEGRATIONS.name:
        key = f"--path {path_to_secret(secret.path[1])}"
    return f"pulumi config set --secret {key} --stack {shlex.quote(stack)}"


def check_variables(project: Project, stack: str, config: Mapping[str, ConfigValue] | None) -> list[Finding]:
    """Look for the environment variables that the declarations name; `config` is decrypted, or None."""
    known = config is not None and INTEGRATIONS.key in config
    declared = (
        parsed(config[INTEGRATIONS.key].text) if config and known else _declared(project.stack_file(stack))
    )
    names = sorted(_named(declared))
    found = [
        problem(_VARIABLES, why, "give its value, which is not shown", read_variable(name))
        for name in names
        if (why := from_env.variable_problem(name))
    ]
    return found or [ok(_VARIABLES, ", ".join(names) if names else "none is needed")]


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
