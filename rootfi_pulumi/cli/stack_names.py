"""Reads the stacks that a command is given."""

import re
from collections.abc import Sequence
from pathlib import Path

import typer

# Pulumi allows no others. The parts are the organisation, the project and the stack.
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}(/[A-Za-z0-9_.-]{1,100}){0,2}")


class StackNameError(Exception):
    """A text is not the name of a stack. `str()` is one line, which lists the stacks that have a file."""


def read_stack_names(given: Sequence[str]) -> list[str]:
    """Return the stacks in their order, each once. Raises StackNameError."""
    for name in given:
        if not _NAME.fullmatch(name):
            what = f"{name!r} is not the name of a stack" if name else "the stack's name is empty"
            raise StackNameError(f"{what}: {_advise()}")
    return list(dict.fromkeys(given))


def check_stack_option(*given: str | None) -> None:
    """Refuse values of --stack that are not names. None is the option left out. Raises BadParameter.

    An empty name, of a variable that is not set, would otherwise mean the selected stack.
    """
    try:
        read_stack_names([name for name in given if name is not None])
    except StackNameError as error:
        raise typer.BadParameter(str(error), param_hint="--stack") from None


def _advise() -> str:
    # Imported here, since only a mistake reads the project.
    from rootfi_pulumi.cli.report.order import sort_stacks  # noqa: PLC0415
    from rootfi_pulumi.project.project import Project, ProjectError  # noqa: PLC0415

    try:
        names = sort_stacks([*Project.find(Path.cwd()).stack_files()])
    except ProjectError as error:
        return str(error)
    return f"name {' or '.join(names)}" if names else "run `pulumi stack ls` for their names"
