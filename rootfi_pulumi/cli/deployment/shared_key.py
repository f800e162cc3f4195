"""Finds the stacks of a run that take their API key from the same environment variable.

A stack is one RootFi organisation with its own key. With the key of another stack, a deploy would create its
integrations in that stack's organisation, where they can be disabled, but not deleted.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from rootfi_pulumi.declaration.settings import API_KEY, BASE_URL
from rootfi_pulumi.declaration.stack_file import StackFile
from rootfi_pulumi.project.engine_yaml import UnreadableError
from rootfi_pulumi.project.project import Project, ProjectError


def find_shared_keys(stacks: Sequence[str]) -> dict[str, str]:
    """Return, by each stack whose key is that of a stack before it, the first stack with that key.

    A stack whose files do not show where its key comes from is left out.
    """
    if len(stacks) < 2 or not os.environ.get(str(API_KEY.variable)):  # noqa: PLR2004 (one shares with none)
        return {}
    try:
        project = Project.find(Path.cwd())
    except ProjectError:
        return {}
    first: dict[str, str] = {}
    shared = {}
    for stack in stacks:
        url = _url_for_the_variable(project, stack)
        if url is not None and first.setdefault(url, stack) != stack:
            shared[stack] = first[url]
    return shared


def describe_shared_key(stack: str, other: str) -> tuple[str, str]:
    """Return the title and the text of the warning that a stack has the key of another."""
    command = f"pulumi config set --secret {API_KEY.key} --stack {stack}"
    why = f"both take it from {API_KEY.variable}, so they use one RootFi organisation"
    what_to_do = f"If {stack} has its own, run `{command}`, or run each stack with its own key"
    return f"{stack} uses the API key of {other}", f"{why}. {what_to_do}"


def _url_for_the_variable(project: Project, stack: str) -> str | None:
    """Return the base URL where a stack uses the key of the variable, "" for the default one, or None."""
    try:
        file = StackFile.read(project.stack_file(stack), project)
        declared, config = file.declared, file.config
    except (OSError, UnreadableError):
        return None
    # An environment of Pulumi ESC may give the key.
    if file.is_part or API_KEY.key in file.members or API_KEY.key in file.inherited:
        return None
    has_own_providers = declared is None and project.program_mentions("RootFiProvider(")
    if declared == {} or has_own_providers:
        return None
    return str(config.get(BASE_URL.key) or file.inherited.get(BASE_URL.key) or "")
