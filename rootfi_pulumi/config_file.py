"""Finds the file from which the running engine has the stack's config.

Rests on https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
"""

from pathlib import Path

import pulumi

from rootfi_pulumi.engine_process import command_line, engine_port, surroundings
from rootfi_pulumi.project import Project, ProjectError

_OPTION = "--config-file"


def running_config_file() -> Path | None:
    """Return the path, whether the file exists or not; None where it is not known.

    `--config-file` is seen on Linux alone.
    """
    folder, arguments = command_line()
    given = _option(arguments)
    if given and folder:
        return folder / given
    root: str | None = pulumi.runtime.get_root_directory()
    # An inline program of the Automation API has none.
    where = Path(root) if root else surroundings(engine_port())[0]
    try:
        return Project.find(where).stack_file(pulumi.get_stack()) if where else None
    except ProjectError:
        return None


def _option(arguments: list[str]) -> str | None:
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == _OPTION:
            return following
        if word.startswith(f"{_OPTION}="):
            return word.partition("=")[2]
    return None
