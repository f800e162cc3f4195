"""Finds the file from which the running engine has the stack's config.

Rests on https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
"""

import os
from pathlib import Path

import pulumi

from rootfi_pulumi.project.project import Project, ProjectError
from rootfi_pulumi.sdk_internals.engine_process import command_line, engine_port, surroundings

_OPTION, _VARIABLE = "--config-file", "PULUMI_OPTION_CONFIG_FILE"
# Options whose value may be any text.
_MESSAGE = ("-m", "--message")


def running_config_file() -> tuple[Path | None, Project | None]:
    """Return the path, whether the file exists or not, and the project; None where they are not known.

    `--config-file` is seen on Linux alone.
    """
    root: str | None = pulumi.runtime.get_root_directory()
    # An inline program of the Automation API has none.
    where = Path(root) if root else surroundings(engine_port())[0]
    try:
        project = Project.find(where) if where else None
    except ProjectError:
        project = None
    folder, arguments = command_line()
    given = option(arguments) or os.environ.get(_VARIABLE)
    if given and (folder or where):
        return Path(folder or where or ".") / given, project
    return project.stack_file(pulumi.get_stack()) if project else None, project


def option(arguments: list[str]) -> str | None:
    """Return the value of the last `--config-file`, which counts."""
    given = None
    words = iter(arguments)
    for word in words:
        if word == _OPTION:
            given = next(words, None)
        elif word in _MESSAGE:
            next(words, None)
        elif word.startswith(f"{_OPTION}="):
            given = word.partition("=")[2]
    return given
