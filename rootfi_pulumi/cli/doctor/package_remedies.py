"""Remedies for missing packages: what to do, and the command that installs them where Pulumi looks."""

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from rootfi_pulumi.cli.doctor.interpreters import Interpreter, Runtime, Toolchain, nearest
from rootfi_pulumi.cli.doctor.versions import PYTHON
from rootfi_pulumi.project.project import Project

_INSTALL = "install the project's dependencies"


def install_project(project: Project) -> tuple[str, str]:
    """Return the remedy for a missing environment, or one without a package that the project requires."""
    return _INSTALL, in_project(project, "pulumi install")


def install_requirement(
    project: Project, runtime: Runtime, interpreter: Interpreter, requirement: str, *, named: Sequence[str]
) -> tuple[str, str]:
    """Return the remedy for a missing package: install the project if it requires one of `named`."""
    if any(_requires(runtime, each) for each in named):
        return install_project(project)
    return add_requirement(project, runtime, interpreter, requirement)


def add_requirement(
    project: Project, runtime: Runtime, interpreter: Interpreter, requirement: str
) -> tuple[str, str]:
    """Return the remedy for a package that the project does not require, or requires in a wrong version."""
    quoted, python = shlex.quote(requirement), shlex.quote(interpreter.python)
    match runtime.resolved_toolchain:
        case Toolchain.POETRY:
            command = f"poetry add {quoted}"
        case Toolchain.UV if nearest(runtime.folder, "pyproject.toml"):
            command = f"uv add {quoted}"
        case Toolchain.UV:
            command = f"uv pip install --python {python} {quoted}"
        case _:
            command = f"{python} -m pip install {quoted}"
    return "install it in the environment that Pulumi uses", in_project(project, command)


def replace_python(project: Project, interpreter: Interpreter) -> tuple[str, str]:
    """Return the remedy for a Python that is too old: a new environment, if Pulumi made this one."""
    newer = f"Python {'.'.join(map(str, PYTHON))} or newer"
    environment = interpreter.environment
    if environment is None:
        return f"put {newer} first on PATH, or set runtime.options.virtualenv in Pulumi.yaml", ""
    if project.folder not in environment.parents:
        # Other projects may use it.
        return f"create {environment} with {newer}, then run `pulumi install`", ""
    shown = shlex.quote(os.path.relpath(environment, project.folder))
    remedy = f"put {newer} first on PATH, and create the environment again"
    return remedy, in_project(project, f"rm -rf {shown} && pulumi install")


def share_environment(runtime: Runtime) -> tuple[str, str]:
    """Return the remedy for a provider that Pulumi starts in a different environment from the program's."""
    environment = runtime.of_program().environment
    if environment is None:
        shown = "the folder of a virtual environment"
    elif runtime.folder == runtime.root:
        shown = os.path.relpath(environment, runtime.root)
    else:
        # The program resolves a relative path in the project's folder, the provider in the program's folder.
        shown = str(environment)
    return f"use one environment for both: set runtime.options.virtualenv in Pulumi.yaml to {shown}", ""


def in_project(project: Project, command: str) -> str:
    """Return the command with a `cd` to the project's folder, unless that is the current one."""
    return command if project.folder == Path.cwd() else f"cd {shlex.quote(str(project.folder))} && {command}"


def _requires(runtime: Runtime, package: str) -> bool:
    folder: Path | None = runtime.folder
    if runtime.resolved_toolchain is Toolchain.PIP:
        name = "requirements.txt"
    else:
        name = "pyproject.toml"
        folder = nearest(runtime.folder, name)
    try:
        text = ((folder or runtime.folder) / name).read_text("utf-8", "replace")
    except OSError:
        return False
    text = re.sub("#.*", "", text).lower().replace("_", "-")
    return bool(re.search(rf"(?<![\w.-]){re.escape(package)}(?!\w|-(?!\d))", text))
