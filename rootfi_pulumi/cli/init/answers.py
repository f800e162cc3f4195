"""What a new repository is made of: its answers, their defaults and their checks."""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import typer

from rootfi_pulumi.cli.doctor.interpreters import Toolchain
from rootfi_pulumi.cli.init import names
from rootfi_pulumi.cli.init.credentials import find_credentials, may_have_password

EXAMPLE = "rootfi-pulumi[cli,emulator]==1.2.3"
"""A requirement of this package."""


class Forge(StrEnum):
    """Where the repository's pipeline runs."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


@dataclass(frozen=True)
class Answers:
    """The checked answers. Without a `backend`, `pulumi login` decides; `package` is the requirement.

    `warning` is why a colleague may be unable to install the package, or empty.
    """

    project: str
    stacks: tuple[str, ...]
    backend: str
    forge: Forge
    toolchain: Toolchain
    package: str
    warning: str = ""


def default_toolchain() -> Toolchain:
    """Return uv if PATH has it, else pip."""
    return Toolchain.UV if shutil.which("uv") else Toolchain.PIP


def checked_project(name: str) -> str:
    """Return the name of a project. Raises typer.BadParameter."""
    name = name.strip()
    if problem := names.project_problem(name):
        raise typer.BadParameter(f"project name {name!r}: {problem}")
    return name


def checked_stacks(given: Iterable[str]) -> tuple[str, ...]:
    """Return the names of stacks without repetitions. Raises typer.BadParameter."""
    stacks = tuple(dict.fromkeys(name.strip() for name in given))
    for name in stacks:
        if problem := names.stack_problem(name):
            raise typer.BadParameter(f"stack name {name!r}: {problem}")
    # Windows and macOS keep one file for names that differ only in case.
    if len({name.lower() for name in stacks}) < len(stacks):
        raise typer.BadParameter(f"stack names {', '.join(stacks)}: two differ only in case")
    return stacks


def checked_backend(url: str) -> str:
    """Return the URL of a backend; empty for that of `pulumi login`. Raises typer.BadParameter."""
    url = url.strip()
    # PostgreSQL takes a password in the query as well.
    if find_credentials(url):
        raise typer.BadParameter(
            "backend: the URL has a password, and Pulumi.yaml is committed: set PULUMI_BACKEND_URL"
        )
    no_url = typer.BadParameter(
        f"backend{_shown(url)}: must be a URL, such as s3://bucket or https://api.pulumi.com"
    )
    if url and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://\S+", url):
        raise no_url
    try:
        urlsplit(url)
    except ValueError:  # a bracket in the host
        raise no_url from None
    return url


def checked_package(requirement: str) -> str:
    """Return the requirement of this package. Raises typer.BadParameter."""
    requirement = requirement.strip()
    # pip replaces ${NAME} with the environment variable when it installs.
    if not all(re.fullmatch(r"\$\{[A-Z0-9_]+\}", each) for each in find_credentials(requirement)):
        raise typer.BadParameter(
            "package: the address has a password or token, and the project's files are committed: "
            "take it out, and store it in ~/.netrc or git's credential helper"
        )
    found = re.match(r"rootfi[-_.]pulumi(?:\[([a-z, ]*)\])?(?![\w.-])", requirement, re.IGNORECASE)
    if not requirement.isprintable() or not found:
        raise typer.BadParameter(f"package{_shown(requirement)}: must be a requirement such as {EXAMPLE}")
    if "cli" not in re.split(r"[, ]+", found[1] or ""):
        raise typer.BadParameter(
            f"package{_shown(requirement)}: lacks the extra cli, which has the command: "
            f"add [cli,emulator] to the name, as in {EXAMPLE}"
        )
    return requirement


def _shown(text: str) -> str:
    return "" if may_have_password(text) else f" {text!r}"
