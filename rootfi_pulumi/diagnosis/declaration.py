"""What stands in the stacks' files: plain secrets and other mistakes, and variables that are not set."""

import os
import shlex
from pathlib import Path

from rootfi_pulumi import from_env
from rootfi_pulumi.diagnosis.access import read_variable
from rootfi_pulumi.diagnosis.finding import Finding, ok, problem
from rootfi_pulumi.engine_yaml import UnreadableError
from rootfi_pulumi.plain_secrets import plain_secrets_of
from rootfi_pulumi.problems import Problem
from rootfi_pulumi.project import Project
from rootfi_pulumi.stack_file import StackFile
from rootfi_pulumi.stack_mistakes import read_with_mistakes

_FILES, _VARIABLES = "stack files", "variables"


def stack_files(project: Project) -> list[Finding]:
    """Look for mistakes in every file of a stack, as `rootfi-pulumi check` does."""
    files = project.stack_files()
    found = [finding for stack, path in files.items() for finding in _mistakes(stack, path)]
    return found or [ok(_FILES, f"{len(files)} without a mistake")]


def _mistakes(stack: str, path: Path) -> list[Finding]:
    shown = os.path.relpath(path)
    try:
        file, mistakes = read_with_mistakes(path)
    except OSError:
        return [problem(_FILES, f"{shown}: cannot be read", "make it a readable file in UTF-8")]
    plain = {str(each): each for each in plain_secrets_of(file.config)}
    found = []
    for mistake in mistakes:
        message = f"{shown}:{mistake.line}: {mistake.message}"
        if mistake.message in plain:
            remedy = "encrypt it, and rotate it: whoever has the file has it"
            found.append(problem(_FILES, message, remedy, _encrypt(plain[mistake.message], stack)))
        else:
            found.append(problem(_FILES, message, "correct the line"))
    return found


def _encrypt(secret: Problem, stack: str) -> str:
    key = secret.path[0]
    if key == "integrations":
        name = secret.path[1].replace('"', '\\"')
        key = f'--path {shlex.quote(f"""rootfi:integrations["{name}"].client_secret""")}'
    return f"pulumi config set --secret {key} --stack {shlex.quote(stack)}"


def variables(project: Project, stack: str) -> list[Finding]:
    """Look for the environment variables that a stack's declarations name."""
    names = sorted(_named(project.stack_file(stack)))
    found = [
        problem(_VARIABLES, why, "give its value, which is not shown", read_variable(name))
        for name in names
        if (why := from_env.variable_problem(name))
    ]
    return found or [ok(_VARIABLES, ", ".join(names) if names else "none is needed")]


def _named(path: Path) -> set[str]:
    try:
        declared = StackFile.read(path).declared
    except (OSError, UnreadableError):
        return set()
    entries = declared.values() if isinstance(declared, dict) else ()
    secrets = (entry.get("client_secret") for entry in entries if isinstance(entry, dict))
    names = {from_env.variable(secret) for secret in secrets}
    return {name for name in names if name and not from_env.name_problem(name)}
