"""Which Python Pulumi starts for a project's program, and which for its provider.

They are found by different rules. The program's are those of the language host, which knows the toolchains:
https://www.pulumi.com/docs/iac/languages-sdks/python/ and, in code,
https://pkg.go.dev/github.com/pulumi/pulumi/sdk/v3/python/toolchain. The shell script
`pulumi-resource-pulumi-python` starts the provider: it knows the runtime options alone, and looks in the
program's folder. The host is not asked, since for uv it would first synchronise the environment.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rootfi_pulumi.project.project import Project

# Seconds; poetry itself takes one or two to start.
_PATIENCE = 60
_INSTALL_UV = "curl -LsSf https://astral.sh/uv/install.sh | sh"
_INSTALL_POETRY = "curl -sSL https://install.python-poetry.org | python3 -"


class Toolchain(StrEnum):
    """What installs a project's packages, as `runtime.options.toolchain` names it."""

    PIP = "pip"
    POETRY = "poetry"
    UV = "uv"


class InterpreterError(Exception):
    """Pulumi would start no Python. `str()` says why; `remedy` and `command` are those of a finding."""

    def __init__(self, why: str, remedy: str, command: str = "") -> None:
        super().__init__(why)
        self.remedy = remedy
        self.command = command


@dataclass(frozen=True)
class Interpreter:
    """A Python as Pulumi starts it. `environment` is the virtual environment's folder, or None."""

    python: str
    environment: Path | None = None


@dataclass(frozen=True)
class Runtime:
    """The runtime that Pulumi.yaml describes. `folder` is the program's, and both processes start there."""

    root: Path
    folder: Path
    toolchain: Toolchain | None
    virtualenv: str

    @classmethod
    def of(cls, project: Project) -> "Runtime":
        """Read a project's settings. Raises InterpreterError for a runtime that is not a usable Python."""
        runtime = project.settings.get("runtime")
        options: Any = {}
        if isinstance(runtime, dict):
            options = runtime.get("options") or {}
            runtime = runtime.get("name")
        if runtime != "python":
            where = "run it in the folder of the project whose program uses rootfi_pulumi"
            raise InterpreterError(f"the runtime of {project.folder} is {runtime}, not python", where)
        return cls(
            project.folder, _program_folder(project), _toolchain(options), _text(options, "virtualenv")
        )

    @property
    def resolved_toolchain(self) -> Toolchain:
        """Return the toolchain that is set, or else the one whose lock file is in the folder or above."""
        if self.toolchain:
            return self.toolchain
        if nearest(self.folder, "uv.lock"):
            return Toolchain.UV
        return Toolchain.POETRY if nearest(self.folder, "poetry.lock") else Toolchain.PIP

    def of_program(self) -> Interpreter:
        """Return the Python of the program. Raises InterpreterError."""
        match self.resolved_toolchain:
            case Toolchain.UV:
                return _in(self._uv_environment())
            case Toolchain.POETRY:
                return _in(_poetry_environment(self.folder))
        return _in(self.root / self.virtualenv) if self.virtualenv else _ambient("python3", "python")

    def of_provider(self) -> Interpreter:
        """Return the Python of the provider. Raises InterpreterError."""
        virtualenv = self.virtualenv or os.environ.get("PULUMI_RUNTIME_VIRTUALENV", "")
        toolchain = self.toolchain or os.environ.get("PULUMI_RUNTIME_TOOLCHAIN", "")
        if not virtualenv and toolchain == Toolchain.POETRY:
            return _in(_poetry_environment(self.folder))
        if not virtualenv and toolchain == Toolchain.UV:
            virtualenv = ".venv"
        return _in(self.folder / virtualenv) if virtualenv else _ambient("python3")

    def _uv_environment(self) -> Path:
        if not shutil.which("uv"):
            raise InterpreterError(
                "the toolchain is uv, and there is no `uv` on PATH", "install uv", _INSTALL_UV
            )
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
            f"Pulumi has no toolchain {name}",
            f"set runtime.options.toolchain in Pulumi.yaml to one of {known}",
        ) from None


def _text(options: dict[str, Any], name: str) -> str:
    value = options.get(name, "")
    if not isinstance(value, str):
        raise InterpreterError(f"the runtime option {name} is not text", "correct it in Pulumi.yaml")
    return value


def _program_folder(project: Project) -> Path:
    program = project.folder / str(project.settings.get("main") or ".")
    if not program.exists():
        raise InterpreterError(f"there is no {program}", "correct `main` in Pulumi.yaml")
    return program.parent if program.is_file() else program


def _in(environment: Path) -> Interpreter:
    # Not resolved: what the path names is a link to the Python that made the environment.
    environment = Path(os.path.normpath(environment))
    return Interpreter(str(environment / "bin" / "python"), environment)


def _ambient(*names: str) -> Interpreter:
    names = (os.environ["PULUMI_PYTHON_CMD"],) if os.environ.get("PULUMI_PYTHON_CMD") else names
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        remedy = "install Python, or name an environment in Pulumi.yaml by runtime.options.virtualenv"
        raise InterpreterError(f"there is no {' or '.join(names)} on PATH", remedy)
    return Interpreter(found)


def _poetry_environment(folder: Path) -> Path:
    poetry = shutil.which("poetry")
    if not poetry:
        why = "the toolchain is poetry, and there is no `poetry` on PATH"
        raise InterpreterError(why, "install poetry", _INSTALL_POETRY)
    try:
        done = subprocess.run(  # noqa: S603 (as Pulumi asks)
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
        raise InterpreterError(why, "let Pulumi install what the project needs", "pulumi install")
    return Path(done.stdout.strip())


def nearest(folder: Path, name: str) -> Path | None:
    """Return the folder, this one or the nearest above, that has something of this name."""
    return next((each for each in (folder, *folder.parents) if (each / name).exists()), None)
