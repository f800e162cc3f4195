"""Renders the files of a new repository: the template's, changed where the answers differ from it."""

import json
import re
import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rootfi_pulumi.cli.doctor.interpreters import Toolchain
from rootfi_pulumi.cli.init import names
from rootfi_pulumi.cli.init.answers import Answers, Forge
from rootfi_pulumi.cli.init.template import read_template
from rootfi_pulumi.cli.init.writing import write_all

_STACK = "dev"
PIPELINE = ".github/workflows/rootfi.yml"
"""Where the template has its pipeline, from the repository's root."""
HOOK = ".pre-commit-config.yaml"
"""Where pre-commit reads its hooks, from the repository's root."""
_PYPROJECT = """\
# Everyone who runs this project installs this version: you, a colleague, the pipeline.
# `pulumi install` writes {lock} with the version and hash of every package: commit it.
# From a git tag instead of a package index:
#   rootfi-pulumi[cli,emulator] @ git+https://git.example.com/rootfi-pulumi.git@v0.1.0
[project]
name = "pulumi-program"
version = "0"
requires-python = ">=3.11"
dependencies = [{package}]

{tool}
"""
_TOOL = {
    Toolchain.UV: "[tool.uv]\npackage = false",
    Toolchain.POETRY: "[tool.poetry]\npackage-mode = false",
}
_COMMAND = ".venv/bin/rootfi-pulumi"
# What the template's hook reads, as a regular expression.
_STACK_FILES = r"stacks/Pulumi\.[^/]+\.yaml$"
_REGEX_MARKS, _BACKSLASHED = re.compile(r"[.^$*+?{}\[\]\\|()]"), r"\\\g<0>"
_POETRY_SETTINGS = """\
# The packages are in the folder .venv, where the pipeline and the pre-commit hook look for the command.
[virtualenvs]
in-project = true
"""
_WRITE = "rootfi-pulumi pipeline github --write      # again after you add a stack or a secret\n"
_SECRETS = "\nThe last lines of `pipeline` name the secrets to set at the forge.\n"
_NEEDED = {
    Toolchain.UV: "[uv](https://docs.astral.sh/uv/getting-started/installation/): Pulumi installs with it",
    Toolchain.POETRY: "[Poetry](https://python-poetry.org/docs/#installation) 2: Pulumi installs with it",
}


def render(answers: Answers, folder: str = "") -> dict[str, str]:
    """Return the text of each file by its path in the repository.

    `folder` is the project's folder in the repository, such as "infrastructure/", or empty.
    Raises PipelineError.
    """
    template = read_template()
    description = _description(template["Pulumi.yaml"])
    template.pop(PIPELINE)
    hook, requirements = template.pop(HOOK), template.pop("requirements.txt")
    stack = template.pop(f"stacks/Pulumi.{_STACK}.yaml")
    files = template | _requirement(answers, requirements)
    files |= {f"stacks/Pulumi.{name}.yaml": _replaced(stack, {_STACK: name}) for name in answers.stacks}
    files["Pulumi.yaml"] = _project(answers, template["Pulumi.yaml"])
    files["README.md"] = _readme(answers, template["README.md"])
    files = {
        f"{folder}{path}": text.replace("${PROJECT}", answers.project).replace("${DESCRIPTION}", description)
        for path, text in files.items()
    }
    files[HOOK] = _hook(hook, folder)
    return files | _pipeline(answers.forge, files, folder)


def _description(project: str) -> str:
    [line] = [line for line in project.splitlines() if line.startswith("  description: ")]
    return line.removeprefix("  description: ")


def _project(answers: Answers, text: str) -> str:
    text, _, _ = text.partition("template:\n")
    text = _replaced(text, {"${PROJECT}": names.in_yaml(answers.project)})
    # Always explicit: without it Pulumi takes the toolchain of a lock in any folder above.
    virtualenv = "" if answers.toolchain is Toolchain.POETRY else "virtualenv: .venv\n    "
    text = _replaced(text, {"virtualenv: .venv": f"{virtualenv}toolchain: {answers.toolchain}"})
    return text + (f"backend:\n  url: {json.dumps(answers.backend)}\n" if answers.backend else "")


def _requirement(answers: Answers, template: str) -> dict[str, str]:
    toolchain = answers.toolchain
    if toolchain is Toolchain.PIP:
        *comments, _ = template.splitlines(keepends=True)
        return {"requirements.txt": "".join(comments) + f"{answers.package}\n"}
    package = json.dumps(answers.package)
    pyproject = _PYPROJECT.format(lock=f"{toolchain}.lock", package=package, tool=_TOOL[toolchain])
    settings = {"poetry.toml": _POETRY_SETTINGS} if toolchain is Toolchain.POETRY else {}
    return {"pyproject.toml": pyproject} | settings


def _readme(answers: Answers, text: str) -> str:
    stack = answers.stacks[0]
    changes = {
        "Pulumi.dev.yaml": f"Pulumi.{stack}.yaml",
        "environment `dev`": f"environment `{stack}`",
        "--create dev": f"--create {stack}",
        "--stack dev": f"--stack {stack}",
        "select dev": f"select {stack}",
        **{
            f"rootfi-pulumi {each} dev": f"rootfi-pulumi {each} {stack}"
            for each in ("preview", "deploy", "drift")
        },
    }
    if answers.toolchain in _NEEDED:
        changes["- [Pulumi's CLI]"] = f"- {_NEEDED[answers.toolchain]}\n- [Pulumi's CLI]"
    if answers.backend:
        changes["pulumi login file://~                      # or your team's backend\n"] = ""
    if answers.forge is Forge.GITLAB:
        changes |= {PIPELINE: ".gitlab-ci.yml", "pipeline github": "pipeline gitlab"}
    if answers.forge is Forge.NONE:
        changes |= {f"the pipeline in `{PIPELINE}`": "a pipeline", _WRITE: "", _SECRETS: ""}
    return _replaced(text, changes)


def _hook(text: str, folder: str) -> str:
    # Imported here for the reason that `_pipeline` gives.
    from rootfi_pulumi.cli.pipeline.rendering import scalar  # noqa: PLC0415

    command = f"{shlex.quote(f'{folder}{_COMMAND}')} check"
    pattern = f"^{_REGEX_MARKS.sub(_BACKSLASHED, folder)}{_STACK_FILES}"
    return _replaced(text, {f"{_COMMAND} check": scalar(command), f"^{_STACK_FILES}": scalar(pattern)})


def _pipeline(forge: Forge, files: Mapping[str, str], folder: str) -> dict[str, str]:
    """Return the pipeline that the generator writes for these files, by its path."""
    # Imported here because it loads what the questions do not need.
    from rootfi_pulumi.cli.pipeline import render as render_pipeline  # noqa: PLC0415

    if forge is Forge.NONE:
        return {}
    path = ".gitlab-ci.yml" if forge is Forge.GITLAB else PIPELINE
    with tempfile.TemporaryDirectory() as scratch:
        repository = Path(scratch)
        write_all(repository, {".git/HEAD": "", **files})
        return {path: render_pipeline(forge, repository / folder)}


def _replaced(text: str, changes: Mapping[str, str]) -> str:
    """Replace each key of the changes, which must be there: the template and this module belong together."""
    for old, new in changes.items():
        if old not in text:
            raise AssertionError(f"the template lacks {old!r}")
        text = text.replace(old, new)
    return text
