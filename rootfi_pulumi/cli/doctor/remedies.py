"""How what is missing gets into the environment that a project runs in: a remedy, and the command for it."""

import os
import re
import shlex
from pathlib import Path

from rootfi_pulumi.cli.doctor.interpreters import Interpreter, Runtime, Toolchain, nearest
from rootfi_pulumi.project.project import Project


def install_project(project: Project) -> tuple[str, str]:
    """Return the remedy for an environment that does not exist, or lacks what the project names."""
    return "let Pulumi install what the project needs", in_project(project, "pulumi install")


def install_requirement(
    project: Project, runtime: Runtime, interpreter: Interpreter, requirement: str, *, named: str
) -> tuple[str, str]:
    """Return the remedy for a missing package: what the project names if `named` is of it, or else `add`."""
    if _names(runtime, named):
        return install_project(project)
    return add_requirement(project, runtime, interpreter, requirement)


def add_requirement(
    project: Project, runtime: Runtime, interpreter: Interpreter, requirement: str
) -> tuple[str, str]:
    """Return the remedy for a package that the project does not name, or names in a wrong version."""
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
    return "install it where Pulumi looks for it", in_project(project, command)


def share_environment(runtime: Runtime) -> tuple[str, str]:
    """Return the remedy for a provider that Pulumi starts in another environment than the program."""
    environment = runtime.of_program().environment
    if environment is None:
        shown = "the folder of a virtual environment"
    elif runtime.folder == runtime.root:
        shown = os.path.relpath(environment, runtime.root)
    else:
        # A relative path is one of the project's folder to the program, and one of its own to the provider.
        shown = str(environment)
    return f"let both use one environment: set runtime.options.virtualenv in Pulumi.yaml to {shown}", ""


def in_project(project: Project, command: str) -> str:
    """Return a command to paste that runs in the project's folder."""
    return command if project.folder == Path.cwd() else f"cd {shlex.quote(str(project.folder))} && {command}"


def _names(runtime: Runtime, package: str) -> bool:
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
    return bool(re.search(rf"(?<![\w.-]){re.escape(package)}(?![\w-])", text))
