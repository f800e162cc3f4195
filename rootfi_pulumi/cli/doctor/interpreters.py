"""Finds the Python that Pulumi starts for a project's program, and the one that it starts for its provider.

The rules differ. The language host starts the program and supports the toolchains:
https://www.pulumi.com/docs/iac/languages-sdks/python/ and, in code,
https://pkg.go.dev/github.com/pulumi/pulumi/sdk/v3/python/toolchain. The shell script
`pulumi-resource-pulumi-python` starts the provider: it only reads the runtime options, and looks in the
program's folder. This module does not ask the host, which would first synchronise a uv environment.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rootfi_pulumi.project.project import Project

# Seconds. Poetry takes one or two to start.
_PATIENCE = 60
_INSTALL_UV = "curl -LsSf https://astral.sh/uv/install.sh | sh"
_INSTALL_POETRY = "curl -sSL https://install.python-poetry.org | python3 -"


class Toolchain(StrEnum):
    """A package manager, as `runtime.options.toolchain` names it."""

    PIP = "pip"
    POETRY = "poetry"
    UV = "uv"


class InterpreterError(Exception):
    """Pulumi cannot start Python. `str()` says why; `remedy` and `command` are those of a finding."""

    def __init__(self, why: str, remedy: str, command: str = "") -> None:
        super().__init__(why)
        self.remedy = remedy
        self.command = command


@dataclass(frozen=True)
class Interpreter:
    """The path of a Python that Pulumi starts. `environment` is its virtual environment's folder, or None."""

    python: str
    environment: Path | None = None


@dataclass(frozen=True)
class Runtime:
    """The runtime that Pulumi.yaml describes. `folder` is the program's; both processes start there."""

    root: Path
    folder: Path
    toolchain: Toolchain | None
    virtualenv: str

    @classmethod
    def of(cls, project: Project) -> "Runtime":
        """Read a project's settings. Raises InterpreterError unless they describe a usable Python."""
        runtime = project.settings.get("runtime")
        options: Any = {}
        if isinstance(runtime, dict):
            options = runtime.get("options") or {}
            runtime = runtime.get("name")
        if runtime != "python":
            remedy = "change to the folder of the project whose program uses rootfi_pulumi"
            raise InterpreterError(f"the runtime of {project.folder} is {runtime}, not python", remedy)
        return cls(
            project.folder, _program_folder(project), _toolchain(options), _text(options, "virtualenv")
        )

    @property
    def resolved_toolchain(self) -> Toolchain:
        """Return the configured toolchain, or else the one whose lock file is in the folder or above."""
        if self.toolchain:
            return self.toolchain
        if nearest(self.folder, "uv.lock"):
            return Toolchain.UV
        return Toolchain.POETRY if nearest(self.folder, "poetry.lock") else Toolchain.PIP

    def of_program(self) -> Interpreter:
        """Return the program's Python. Raises InterpreterError."""
        match self.resolved_toolchain:
            case Toolchain.UV:
                return _in(self._uv_environment())
            case Toolchain.POETRY:
                return _in(_poetry_environment(self.folder))
        return _in(self.root / self.virtualenv) if self.virtualenv else _ambient("python3", "python")

    def of_provider(self) -> Interpreter:
        """Return the provider's Python. Raises InterpreterError."""
        virtualenv = self.virtualenv or os.environ.get("PULUMI_RUNTIME_VIRTUALENV", "")
        toolchain = self.toolchain or os.environ.get("PULUMI_RUNTIME_TOOLCHAIN", "")
        if not virtualenv and toolchain == Toolchain.POETRY:
            return _in(_poetry_environment(self.folder))
        if not virtualenv and toolchain == Toolchain.UV:
            virtualenv = ".venv"
        return _in(self.folder / virtualenv) if virtualenv else _ambient("python3")

    def _uv_environment(self) -> Path:
        if not shutil.which("uv"):
            why = "the toolchain is uv, but `uv` is not on PATH"
            raise InterpreterError(why, "install uv", _INSTALL_UV)
        if self.virtualenv:
            return self.root / self.virtualenv
        folder = nearest(self.folder, "uv.lock") or nearest(self.folder, "pyproject.toml") or self.folder
        return folder / (os.environ.get("UV_PROJECT_ENVIRONMENT") or ".venv")


def _toolchain(options: dict[str, Any]) -> Toolchain | None:
    name = _text(options, "toolchain")
    try:
        return Toolchain(name) if name else None
    except ValueError:
        known = ", ".join(Toolchain)
        raise InterpreterError(
            f"Pulumi does not support the toolchain {name}",
            f"set runtime.options.toolchain in Pulumi.yaml to one of {known}",
        ) from None


def _text(options: dict[str, Any], name: str) -> str:
    value = options.get(name, "")
    if not isinstance(value, str):
        raise InterpreterError(f"the runtime option {name} is not a string", "correct it in Pulumi.yaml")
    return value


def _program_folder(project: Project) -> Path:
    program = project.folder / str(project.settings.get("main") or ".")
    if not program.exists():
        raise InterpreterError(f"{program} does not exist", "correct `main` in Pulumi.yaml")
    return program.parent if program.is_file() else program


def _in(environment: Path) -> Interpreter:
    # Links are kept: a virtual environment's `python` is a link to the Python that created it.
    environment = Path(os.path.normpath(environment))
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    return Interpreter(str(python), environment)


def _ambient(*names: str) -> Interpreter:
    names = (os.environ["PULUMI_PYTHON_CMD"],) if os.environ.get("PULUMI_PYTHON_CMD") else names
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        remedy = "install Python, or set runtime.options.virtualenv in Pulumi.yaml"
        raise InterpreterError(f"{' or '.join(names)} is not on PATH", remedy)
    return Interpreter(found)


def _poetry_environment(folder: Path) -> Path:
    poetry = shutil.which("poetry")
    if not poetry:
        why = "the toolchain is poetry, but `poetry` is not on PATH"
        raise InterpreterError(why, "install poetry", _INSTALL_POETRY)
    try:
        done = subprocess.run(  # noqa: S603 (the command that Pulumi runs)
            [poetry, "env", "info", "--path"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        done = None
    if done is None or not done.stdout.strip():
        why = f"poetry has no environment for {folder}"
        raise InterpreterError(why, "install the project's dependencies", "pulumi install")
    return Path(done.stdout.strip())


def nearest(folder: Path, name: str) -> Path | None:
    """Return the nearest folder, from this one upwards, that contains this name."""
    return next((each for each in (folder, *folder.parents) if (each / name).exists()), None)
