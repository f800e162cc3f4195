"""The committed file of a pipeline: the options that it records, whether it is stale, and its replacement."""

import difflib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rootfi_pulumi.cli.doctor.interpreters import nearest
from rootfi_pulumi.cli.pipeline.needs import project_backend
from rootfi_pulumi.cli.pipeline.options import COMMAND, Forge, Options, PipelineError
from rootfi_pulumi.cli.pipeline.rendering import Plan, plan, read_committed, render_plan
from rootfi_pulumi.project.project import Project, ProjectError


def compare(forge: Forge, folder: Path, file: str) -> tuple[Plan, str]:
    """Return what the committed file was written from, and the diff to what it should be.

    The diff is empty if the file is up to date. Raises PipelineError.
    """
    path = _repository(folder) / (file or forge.default_path)
    shown = os.path.relpath(path)
    if not path.exists():
        raise PipelineError(f"{shown} does not exist: write it with `{COMMAND} {forge} --write`")
    committed = read_committed(path)
    recorded = _recorded(forge, committed)
    if recorded is None:
        raise PipelineError(_not_generated(shown))
    try:
        planned = plan(forge, folder, Options.parse(recorded), committed)
    except PipelineError as error:
        raise PipelineError(f"{shown}: {error}") from None
    wanted = render_plan(planned)
    lines = difflib.unified_diff(
        committed.splitlines(keepends=True), wanted.splitlines(keepends=True), shown, "up to date", n=2
    )
    return planned, "".join(lines)


def write_file(planned: Plan) -> str:
    """Write the file and return its path from the current folder. Raises PipelineError."""
    shown = os.path.relpath(planned.path)
    committed = read_committed(planned.path)
    if planned.path.exists() and _recorded(planned.forge, committed) is None:
        raise PipelineError(_not_generated(shown))
    text = render_plan(planned)
    try:
        planned.path.parent.mkdir(parents=True, exist_ok=True)
        planned.path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise PipelineError(f"{shown}: {error.strerror}") from None
    return shown


def with_backend(options: Options, folder: Path, url: str) -> Options:
    """Return the options with the backend of this machine, unless they or the project's file give one.

    The generated file then records it, so that the next machine writes the same file.
    """
    if options.backend or not url or project_backend(_project(folder)):
        return options
    return replace(options, backend=url)


def what_to_set(planned: Plan) -> Iterator[str]:
    """Yield lines that say which variables and secrets each environment of the forge needs."""
    for stack in planned.stacks:
        needed = dict.fromkeys((*stack.state, *stack.settings, *stack.secrets))
        yield f"set in the environments {stack.label} and {stack.preview_label}:"
        for kind, is_secret in (("variables", False), ("secrets", True)):
            names = [each.name for each in needed if each.is_secret is is_secret]
            if names:
                yield f"  {kind}: {', '.join(names)}"
        if stack.is_hidden:
            yield "  its declaration is encrypted: name each `from_env` in it with --secret"


def _recorded(forge: Forge, committed: str) -> str | None:
    found = re.search(rf"^#   .*{COMMAND} {forge} --write(.*)$", committed, re.MULTILINE)
    return found[1] if found else None


def _not_generated(shown: str) -> str:
    return f"{shown} was not written by `{COMMAND}`: move it away, or choose another file with --file"


def _project(folder: Path) -> Project:
    try:
        return Project.find(folder)
    except ProjectError as error:
        raise PipelineError(str(error)) from None


def _repository(folder: Path) -> Path:
    project = _project(folder)
    return nearest(project.folder, ".git") or project.folder
