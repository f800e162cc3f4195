"""The committed file of a pipeline: the options that it records, whether it is stale, and its replacement."""

import difflib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rootfi_pulumi.cli.doctor.interpreters import nearest
from rootfi_pulumi.cli.pipeline.needs import PASSPHRASE
from rootfi_pulumi.cli.pipeline.options import COMMAND, Forge, Options, PipelineError
from rootfi_pulumi.cli.pipeline.rendering import Plan, plan, read_committed, render_plan
from rootfi_pulumi.cli.whole_files import replace_file
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
        replace_file(planned.path, text)
    except OSError as error:
        raise PipelineError(f"{shown}: cannot be written: {error.strerror}") from None
    return shown


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
    if planned.suffix:
        yield (
            "pipelines of a repository share environments of the same name, with their secrets: "
            "rename a stack that another project has too"
        )
    if planned.options.branch and planned.forge is Forge.GITHUB:
        yield "commit the file to the default branch too: GitHub starts a schedule only from there"
    yield _what_to_protect(planned)


def why_stale(planned: Plan) -> Iterator[str]:
    """Yield what changed in the stack files, where the committed file does not show it."""
    committed = read_committed(planned.path)
    for stack in planned.stacks:
        job = re.search(rf"^  deploy-{re.escape(stack.job)}:\n(?:.+\n)*", committed, re.MULTILINE)
        if stack.has_salt and PASSPHRASE in stack.settings and job and PASSPHRASE.name not in job[0]:
            yield f"{os.path.relpath(stack.path)} has a passphrase's salt now, from `pulumi stack init`"


def _what_to_protect(planned: Plan) -> str:
    every = _listed([stack.label for stack in planned.stacks])
    guarded = [stack.label for stack in planned.stacks if planned.is_guarded(stack)]
    environments = f"the environment{'s' if len(guarded) > 1 else ''} {_listed(guarded)}"
    if planned.forge is Forge.GITLAB:
        first = f"protect {environments}, and " if guarded else ""
        return f"{first}protect the variables of {every}, so that only protected branches can read them"
    first = f"give {environments} reviewers, and " if guarded else ""
    return f"{first}restrict {every} to {planned.branch}: GitHub creates environments without rules"


def _listed(names: Sequence[str]) -> str:
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _recorded(forge: Forge, committed: str) -> str | None:
    found = re.search(rf"^#   .*?{COMMAND} {forge} --write(.*)$", committed, re.MULTILINE)
    return found[1] if found else None


def _not_generated(shown: str) -> str:
    return f"{shown} was not written by `{COMMAND}`: move it away, or choose another file with --file"


def _repository(folder: Path) -> Path:
    try:
        project = Project.find(folder)
    except ProjectError as error:
        raise PipelineError(str(error)) from None
    return nearest(project.folder, ".git") or project.folder
