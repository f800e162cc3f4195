"""Collects what a pipeline is written from, and gives it to the writer of the forge."""

import json
import os
import re
import shlex
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml

from rootfi_pulumi.cli.doctor.interpreters import nearest
from rootfi_pulumi.cli.pipeline import tools
from rootfi_pulumi.cli.pipeline.needs import PRODUCTION, Stack, find_stacks
from rootfi_pulumi.cli.pipeline.options import COMMAND, DEFAULT_PYTHON, Forge, Options, PipelineError
from rootfi_pulumi.cli.pipeline.toolchain import Installation, find_installation
from rootfi_pulumi.project.project import Project, ProjectError

_HEADER = """\
# Previews each change, deploys it when it is merged, and checks for drift.
# Generated from the stack files: do not edit it. After you change a stack's file, run
#   {command}
"""
_PROJECT_NAME = re.compile(r"[\w.-]+", re.ASCII)
# Numbers of YAML 1.2, which GitHub reads. PyYAML reads YAML 1.1, where some of these are text.
_NUMBER = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?|0o[0-7]+|0x[0-9a-f]+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Plan:
    """What a pipeline is written from. `folder` is the project's folder, from the repository's root."""

    forge: Forge
    project: Project
    repository: Path
    options: Options
    stacks: Sequence[Stack]
    installation: Installation
    pins: Mapping[str, tuple[str, str]]

    @property
    def folder(self) -> str:
        """The project's folder, from the repository's root; `.` if it is the root."""
        return Path(os.path.relpath(self.project.folder, self.repository)).as_posix()

    @property
    def path(self) -> Path:
        """The file that has the pipeline."""
        return self.repository / self.options.path(self.forge)

    @property
    def suffix(self) -> str:
        """What ends each name that is shared by the pipelines of a repository, so that none clash.

        It is the file's path, as only that differs between any two: projects may have stacks of the same
        name, and a project may have a pipeline for each branch. The forge's default file has no suffix.
        """
        path = self.options.path(self.forge)
        if path == self.forge.default_path:
            return ""
        # GitHub reads workflows from one folder alone.
        return f" ({PurePosixPath(path).name if self.forge is Forge.GITHUB else path})"

    @property
    def python(self) -> str:
        """The version of Python."""
        return self.options.python or DEFAULT_PYTHON

    @property
    def branch(self) -> str:
        """The branch to deploy; for GitLab, its default branch is not known here."""
        return self.options.branch or ("main" if self.forge is Forge.GITHUB else "")

    @property
    def update_command(self) -> str:
        """The command that writes the file again, on a person's machine."""
        return f"{self.installation.here}{COMMAND} {self.forge} --write{self.options.arguments()}"

    def is_guarded(self, stack: Stack) -> bool:
        """Return whether a person should approve a deploy: production, and the last of several stacks."""
        is_last = stack is self.stacks[-1] and len(self.stacks) > 1
        return is_last or stack.label in PRODUCTION

    def run(self, command: str) -> str:
        """Return a command line of the pipeline that runs `rootfi-pulumi`."""
        return f"{self.installation.bin}rootfi-pulumi {command}"

    def checks(self) -> list[str]:
        """Return the commands that need neither secrets nor a network."""
        files = shlex.join(os.path.relpath(each.path, self.project.folder) for each in self.stacks)
        file = f" --file {self.options.file}" if self.options.file else ""
        return [self.run(f"check {files}"), self.run(f"pipeline {self.forge} --check{file}")]

    def report(self, stack: Stack, options: str = "") -> str:
        """Return the command that prints the report on a stack in Markdown."""
        return self.run(f"report --stack {stack.name} --format markdown{options}")


def plan(forge: Forge, root: Path, options: Options, committed: str | None = None) -> Plan:
    """Return what the pipeline of a project is written from; `committed` is the text of the file, if known.

    Raises PipelineError.
    """
    try:
        project = Project.find(root)
    except ProjectError as error:
        raise PipelineError(str(error)) from None
    if not _PROJECT_NAME.fullmatch(project.name):
        raise PipelineError(f"{project.path}: {project.name!r} is not a project's name: correct `name`")
    repository = nearest(project.folder, ".git") or project.folder
    if committed is None:
        committed = read_committed(repository / options.path(forge))
    stacks, installation = find_stacks(project, options, forge), find_installation(project)
    return Plan(forge, project, repository, options, stacks, installation, tools.newest(committed))


def render_file(forge: Forge, root: Path, options: Options) -> str:
    """Return the text of a project's pipeline. Raises PipelineError."""
    return render_plan(plan(forge, root, options))


def render_plan(planned: Plan) -> str:
    """Return the text of a pipeline."""
    # They import this module.
    from rootfi_pulumi.cli.pipeline import github, gitlab  # noqa: PLC0415

    write = github.write if planned.forge is Forge.GITHUB else gitlab.write
    return _HEADER.format(command=planned.update_command) + write(planned)


def read_committed(path: Path) -> str:
    """Return the text of a file, or an empty string if there is none."""
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="utf-8")
    return ""


def scalar(text: str) -> str:
    """Return a text as YAML has it: plain where it can be, else in quotes."""
    return text if _is_plain(f"- {text}", text) else json.dumps(text)


def flow_scalar(text: str) -> str:
    """Return a text as YAML has it between brackets, where more texts need quotes."""
    return text if _is_plain(f"[{text}]", text) else json.dumps(text)


def _is_plain(document: str, text: str) -> bool:
    # PyYAML raises the others for a tag without a fitting value, such as !!int.
    with suppress(yaml.YAMLError, ValueError, LookupError, AttributeError):
        return yaml.safe_load(document) == [text] and not _NUMBER.fullmatch(text)
    return False


def indented(text: str, width: int) -> str:
    """Return the lines of a text, each after `width` spaces."""
    return textwrap.indent(text, " " * width)
