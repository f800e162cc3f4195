"""The commands that install a project's Python packages, and the folder into which they do."""

import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from rootfi_pulumi.cli.doctor.interpreters import InterpreterError, Runtime, Toolchain, nearest
from rootfi_pulumi.cli.pipeline import tools
from rootfi_pulumi.cli.pipeline.options import PipelineError
from rootfi_pulumi.project.project import Project

IN_PROJECT = "POETRY_VIRTUALENVS_IN_PROJECT"
"""The variable with which Poetry uses the folder `.venv`."""


@dataclass(frozen=True)
class Installation:
    """How a project's packages are installed.

    `tool` is the package manager that Pulumi needs on PATH, with its version, or empty for pip. `environment`
    is the virtual environment, from the project's folder. `here` starts a command on a person's machine.
    """

    toolchain: Toolchain
    tool: str
    environment: str
    commands: tuple[str, ...]
    here: str

    @property
    def bin(self) -> str:
        """The folder of the installed commands, as a shell reads it, with a slash at its end."""
        return shlex.quote(f"{self.environment}/bin/")


def find_installation(project: Project) -> Installation:
    """Return how the project's packages are installed. Raises PipelineError."""
    try:
        runtime = Runtime.of(project)
        toolchain = runtime.resolved_toolchain
    except InterpreterError as error:
        raise PipelineError(f"{error}: {error.remedy}") from None
    match toolchain:
        case Toolchain.UV:
            environment = runtime.virtualenv or _beside_lock(runtime)
            # With the groups that `uv sync` installs by default, and only if the lock is up to date: Pulumi
            # runs `uv sync` before a deployment, where there are secrets, and then finds nothing left to do.
            sync = f"{_uv_environment(runtime, environment)}uv sync --locked"
            return Installation(toolchain, f"uv=={tools.UV}", environment, (sync,), "uv run ")
        case Toolchain.POETRY:
            commands = ("poetry install --no-interaction --only main",)
            return Installation(toolchain, f"poetry=={tools.POETRY}", ".venv", commands, "poetry run ")
    return _with_pip(runtime, toolchain)


def _with_pip(runtime: Runtime, toolchain: Toolchain) -> Installation:
    if not runtime.virtualenv:
        raise PipelineError(
            "Pulumi.yaml names no virtual environment: set runtime.options.virtualenv to .venv"
        )
    environment = shlex.quote(runtime.virtualenv)
    commands = (
        f"python -m venv {environment}",
        f"{environment}/bin/python -m pip install --requirement requirements.txt",
    )
    return Installation(
        toolchain, "", runtime.virtualenv, commands, shlex.quote(f"{runtime.virtualenv}/bin/")
    )


def _uv_environment(runtime: Runtime, environment: str) -> str:
    """Return what a shell sets before `uv sync`, which by default installs into `.venv` next to the lock."""
    if environment == _beside_lock(runtime):
        return ""
    value = shlex.quote(environment)
    # uv takes a relative path from the root of the workspace, and Pulumi from the project's folder.
    is_member = _lock_folder(runtime) != runtime.root and not Path(environment).is_absolute()
    start = '"$PWD"/' if is_member else ""
    return f"UV_PROJECT_ENVIRONMENT={start}{value} "


def _beside_lock(runtime: Runtime) -> str:
    return Path(os.path.relpath(_lock_folder(runtime), runtime.root), ".venv").as_posix()


def _lock_folder(runtime: Runtime) -> Path:
    return nearest(runtime.folder, "uv.lock") or nearest(runtime.folder, "pyproject.toml") or runtime.folder
