"""Renders the files of a new repository: the template's, changed where the answers differ from it."""

import itertools
import json
import re
import shlex
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from rootfi_pulumi.cli.doctor.interpreters import Toolchain
from rootfi_pulumi.cli.init import names
from rootfi_pulumi.cli.init.answers import Answers, Forge
from rootfi_pulumi.cli.init.template import read_template
from rootfi_pulumi.cli.init.writing import write_all

_STACK = "dev"
ALSO_IN_THE_WAY = ("Pulumi.yml", "Pulumi.json")
"""Files in the project's folder that Pulumi may read instead of Pulumi.yaml."""
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
_ENTRY, _FILES = re.compile(r"\bentry: (.*)"), re.compile(r"\bfiles: (.*)")
_REGEX_MARKS, _BACKSLASHED = re.compile(r"[.^$*+?{}\[\]\\|()]"), r"\\\g<0>"
_POETRY_SETTINGS = """\
# The packages are in the folder .venv, where the pipeline and the pre-commit hook look for the command.
[virtualenvs]
in-project = true
"""
_LOGIN = re.compile(r"pulumi login … .*\n")
_WRITE = re.compile(r"rootfi-pulumi pipeline github --write.*\n")
_PUSH = "\nSet the secrets that `pipeline` named at the forge, then push.\n"
_MERGE = "Open a pull request; merging it deploys.\n\n"
_NEW = ("prod", "staging", "test", "another")
"""Names for the README's example of a further environment, the best first; the template has the first."""
_PIPELINE_HOOK = "      - id: rootfi-pulumi-pipeline"
_PIPELINE_CHECK = ".venv/bin/rootfi-pulumi pipeline github --check"
_NEEDED = {
    Toolchain.UV: "[uv](https://docs.astral.sh/uv/getting-started/installation/)",
    Toolchain.POETRY: "[Poetry](https://python-poetry.org/docs/#installation) 2",
}


def fixed_paths() -> list[str]:
    """Return the paths in the project's folder that must be free whatever the answers are."""
    depending = {PIPELINE, HOOK, "requirements.txt", f"stacks/Pulumi.{_STACK}.yaml"}
    return [*(path for path in read_template() if path not in depending), *ALSO_IN_THE_WAY]


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
    files[HOOK] = _hooks(answers.forge, hook, folder)
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


def _hooks(forge: Forge, text: str, folder: str) -> str:
    """Return the hooks; pre-commit runs them at the repository's root."""
    if forge is Forge.NONE:
        text, _, _ = text.partition(_PIPELINE_HOOK)
        text = _replaced(
            text, {", a mistake in a stack file or a stale pipeline": " or a mistake in a stack file"}
        )
    if forge is Forge.GITLAB:
        text = _replaced(text, {r"\.github/workflows/rootfi\.yml": r"\.gitlab-ci\.yml"})
    if not folder:
        return text.replace("pipeline github", f"pipeline {forge}")
    # Imported here for the reason that `_pipeline` gives.
    from rootfi_pulumi.cli.pipeline.rendering import scalar  # noqa: PLC0415

    check = _PIPELINE_CHECK.replace("github", forge)
    entries = {
        f"{_COMMAND} check": shlex.join([f"{folder}{_COMMAND}", "check"]),
        _PIPELINE_CHECK: shlex.join(["sh", "-c", f"cd {shlex.quote(folder)} && {check}"]),
    }
    text = _ENTRY.sub(lambda line: f"entry: {scalar(entries[line[1]])}", text)
    stacks = f"^{_REGEX_MARKS.sub(_BACKSLASHED, folder)}stacks/"
    return _FILES.sub(lambda line: f"files: {scalar(line[1].replace('^stacks/', stacks))}", text)


def _readme(answers: Answers, text: str) -> str:
    first, *others = answers.stacks
    new = _new_stack(answers.stacks)
    # The example comes first, so that a stack of its name is not renamed.
    text = _replaced(text, {f"Pulumi.{_NEW[0]}.yaml": f"Pulumi.{new}.yaml", "`prod`": f"`{new}`"})
    text = _replaced(text, {f"stack init {_NEW[0]}\n": f"stack init {new}\n"})
    changes = {
        "Pulumi.dev.yaml": f"Pulumi.{first}.yaml",
        **{
            f"{each} dev": f"{each} {first}"
            for each in ("init", "--create", "--stack", "select", "preview", "deploy", "drift")
        },
    }
    if answers.toolchain in _NEEDED:
        changes[" and\n[Pulumi's CLI]"] = f",\n{_NEEDED[answers.toolchain]}, and\n[Pulumi's CLI]"
    if answers.forge is Forge.NONE:
        text = _WRITE.sub("", text)
        changes |= {
            "  # a backend that the pipeline reaches": "",
            "  # the pipeline's steps": "",
            "; main is deployed": "",
            _PUSH: "",
            _MERGE: "",
        }
    # The other stacks come last, because one of them may be called dev.
    listed = ", ".join(f"`stacks/Pulumi.{name}.yaml`" for name in answers.stacks)
    init = f"pulumi stack init {first}\n"
    further = [f"pulumi stack init --no-select {name}" for name in others]
    inits = [
        init,
        *(f"{each:<42} # then as below with --stack: its own key and secrets\n" for each in further),
    ]
    text = _replaced(text, changes)
    text = _replaced(text, {f"`stacks/Pulumi.{first}.yaml`": listed, init: "".join(inits)})
    text = _LOGIN.sub("", text) if answers.backend else text
    return text.replace("pipeline github", f"pipeline {answers.forge}")


def _new_stack(stacks: Iterable[str]) -> str:
    """Return a name for a further stack, which differs from the others in more than its case."""
    taken = {name.lower() for name in stacks}
    candidates = itertools.chain(_NEW, (f"{_NEW[-1]}-{number}" for number in itertools.count(2)))
    return next(name for name in candidates if name not in taken)


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
