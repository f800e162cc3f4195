"""Asks for the answers that no option gives, or takes their defaults."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import typer

from rootfi_pulumi.cli.doctor.interpreters import Toolchain
from rootfi_pulumi.cli.init.answers import (
    Answers,
    Forge,
    checked_backend,
    checked_package,
    checked_project,
    checked_stacks,
    default_toolchain,
)
from rootfi_pulumi.cli.init.names import default_project

Checked = TypeVar("Checked")
Choice = TypeVar("Choice", bound=StrEnum)

_BACKEND = "URL of the backend (empty: your `pulumi login` here, Pulumi Cloud in the pipeline)"


@dataclass(frozen=True)
class Given:
    """The options of the command line; None is one that was not given."""

    project: str | None = None
    stacks: Sequence[str] | None = None
    backend: str | None = None
    forge: Forge | None = None
    toolchain: Toolchain | None = None
    package: str | None = None


def answer(given: Given, folder: str, *, asking: bool) -> Answers:
    """Return the answers for a project in a folder of this name; without `asking`, the defaults.

    Raises typer.BadParameter for an option that cannot be used, and typer.Abort after Ctrl-C.
    """

    def ask(question: str, option: str | None, default: str, check: Callable[[str], Checked]) -> Checked:
        if option is not None or not asking:
            return check(default if option is None else option)
        checked: Checked = typer.prompt(
            question, default=default, value_proc=check, show_default=bool(default), show_choices=False
        )
        return checked

    # An option that cannot be used ends the command before the first question.
    package, warning = _package(given.package)
    stacks = ",".join(given.stacks) if given.stacks else None
    return Answers(
        ask("Project name", given.project, default_project(folder), checked_project),
        ask("Stacks, separated by commas", stacks, "dev", lambda text: checked_stacks(text.split(","))),
        ask(_BACKEND, given.backend, "", checked_backend),
        ask(_question("Pipeline", Forge), given.forge, Forge.GITHUB, _one_of(Forge)),
        ask(_question("Toolchain", Toolchain), given.toolchain, default_toolchain(), _one_of(Toolchain)),
        package,
        warning,
    )


def _package(option: str | None) -> tuple[str, str]:
    """Return the requirement of this package, and a warning for colleagues or an empty string."""
    if option is not None:
        return checked_package(option), ""
    # Imported here because it starts git.
    from rootfi_pulumi.cli.init.requirement import find_requirement  # noqa: PLC0415

    found = find_requirement()
    if found.note:
        typer.echo(f"rootfi-pulumi init: warning: {found.note}, or give --package", err=True)
    return found.text, found.note


def _question(subject: str, choices: type[StrEnum]) -> str:
    return f"{subject} ({', '.join(choices)})"


def _one_of(choices: type[Choice]) -> Callable[[str], Choice]:
    def check(text: str) -> Choice:
        try:
            return choices(text.strip().lower())
        except ValueError:
            raise typer.BadParameter(f"must be one of {', '.join(choices)}") from None

    return check
