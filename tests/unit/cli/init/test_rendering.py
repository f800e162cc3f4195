"""The files of a new repository, for each combination of answers."""

import itertools
import json
import re
import shlex
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from rootfi_pulumi.cli.doctor.interpreters import Toolchain
from rootfi_pulumi.cli.init.answers import Answers, Forge
from rootfi_pulumi.cli.init.rendering import PIPELINE, render
from rootfi_pulumi.cli.init.template import read_template
from rootfi_pulumi.cli.init.writing import write_all
from rootfi_pulumi.cli.pipeline.committed import compare
from rootfi_pulumi.cli.pipeline.options import Forge as PipelineForge
from rootfi_pulumi.declaration.stack_mistakes import problems_in
from tests.support.pulumi_project import REPOSITORY

VERSION = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
PACKAGE = f"rootfi-pulumi[cli,emulator]=={VERSION}"
DEFAULTS = Answers("app", ("dev",), "", Forge.GITHUB, Toolchain.PIP, PACKAGE)
ODD_NAMES = ["on", "1.0", "null", "rootfi_pulumi", "-", "1e5"]


def settings(files: dict[str, str]) -> dict[str, Any]:
    return dict(yaml.safe_load(files["Pulumi.yaml"]))


def test_defaults_are_the_template() -> None:
    template = read_template()
    text, _, asked = template.pop("Pulumi.yaml").partition("template:\n")
    # Pulumi's language host asks for the toolchain and adds it there.
    text = text.replace(".venv\n", ".venv\n    toolchain: pip\n")
    description = yaml.safe_load(asked)["description"]
    files = render(DEFAULTS)
    filled = {
        path: each.replace("${PROJECT}", "app").replace("${DESCRIPTION}", description)
        for path, each in (template | {"Pulumi.yaml": text}).items()
    }
    assert files == filled


def test_template_has_the_files_of_this_version() -> None:
    template = read_template()
    assert template["requirements.txt"].splitlines()[-1] == PACKAGE
    assert template["stacks/schema.json"] == (REPOSITORY / "stacks" / "schema.json").read_text()
    assert template["__main__.py"] == (REPOSITORY / "__main__.py").read_text()


def test_template_pipeline_is_the_generated_one() -> None:
    # A project's name has no braces or dollar sign, so the generator writes another one.
    generated = render(replace(DEFAULTS, project="a-project-for-this"))[PIPELINE]
    assert (
        generated.replace("a-project-for-this", "${PROJECT}")
        == (REPOSITORY / "template" / PIPELINE).read_text()
    )


@pytest.mark.parametrize(
    ("forge", "toolchain", "folder"),
    [*itertools.product(Forge, Toolchain, [""]), (Forge.GITHUB, Toolchain.PIP, "infra/eu/")],
)
def test_repository_is_complete_and_consistent(
    forge: Forge, toolchain: Toolchain, folder: str, tmp_path: Path
) -> None:
    answers = replace(DEFAULTS, forge=forge, toolchain=toolchain, stacks=("dev", "prod"))
    files = render(answers, folder)
    assert "${" not in re.sub(r"\$\{\{", "", "".join(files.values()))
    for stack in answers.stacks:
        text = files[f"{folder}stacks/Pulumi.{stack}.yaml"]
        assert text.startswith("# yaml-language-server: $schema=schema.json\n")
        assert f"{stack}-xero-app" in text
        assert problems_in(text, "app", is_json=False) == []
    write_all(tmp_path, {".git/HEAD": "", **files})
    if forge is not Forge.NONE:
        _, diff = compare(PipelineForge(forge), tmp_path / folder, "")
        assert diff == ""
    assert (PIPELINE in files, ".gitlab-ci.yml" in files) == (forge is Forge.GITHUB, forge is Forge.GITLAB)


@pytest.mark.parametrize("toolchain", [Toolchain.UV, Toolchain.POETRY])
def test_pyproject_requires_the_package(toolchain: Toolchain) -> None:
    package = 'rootfi-pulumi[cli] @ git+https://host/"x"@v1'
    files = render(replace(DEFAULTS, toolchain=toolchain, package=package))
    project = tomllib.loads(files["pyproject.toml"])
    assert project["project"]["dependencies"] == [package]
    assert "requirements.txt" not in files
    assert settings(files)["runtime"]["options"]["toolchain"] == toolchain


def test_requirements_end_with_the_package() -> None:
    files = render(replace(DEFAULTS, package="rootfi-pulumi[cli] @ git+https://host/x@v1"))
    lines = [line for line in files["requirements.txt"].splitlines() if not line.startswith("#")]
    assert lines == ["rootfi-pulumi[cli] @ git+https://host/x@v1"]


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("toolchain", Toolchain)
def test_any_project_name_is_kept(name: str, toolchain: Toolchain) -> None:
    files = render(replace(DEFAULTS, project=name, toolchain=toolchain))
    assert settings(files)["name"] == name
    assert yaml.safe_load(files[PIPELINE])["name"] == name
    if toolchain is not Toolchain.PIP:
        # A project may not depend on a package of its name.
        assert tomllib.loads(files["pyproject.toml"])["project"]["name"] == "pulumi-program"


def test_backend_is_in_the_project_file() -> None:
    files = render(replace(DEFAULTS, backend="s3://bucket?region=eu"))
    assert settings(files)["backend"] == {"url": "s3://bucket?region=eu"}
    assert "pulumi login" not in files["README.md"]
    assert "AWS_ACCESS_KEY_ID" in files[PIPELINE]


def test_readme_is_about_the_answers() -> None:
    answers = Answers("app", ("live",), "", Forge.GITLAB, Toolchain.UV, PACKAGE)
    readme = render(answers)["README.md"]
    assert "stack select --create live\n" in readme
    assert "pulumi stack init live\n" in readme
    assert "rootfi-pulumi pipeline gitlab --write" in readme
    assert "docs.astral.sh/uv" in readme
    assert not re.search(r"(?<!rootfi\.)\bdev\b|github|GitHub", readme)


def test_readme_without_a_pipeline_has_none() -> None:
    readme = render(replace(DEFAULTS, forge=Forge.NONE))["README.md"]
    assert not re.search(r"pipeline|merging|main is deployed", readme)


@pytest.mark.parametrize("stacks", [("live", "dev"), ("prod", "staging"), ("dev", "prod", "qa")])
def test_readme_names_every_stack(stacks: tuple[str, ...]) -> None:
    readme = render(replace(DEFAULTS, stacks=stacks))["README.md"]
    first, *others = stacks
    assert ": " + ", ".join(f"`stacks/Pulumi.{name}.yaml`" for name in stacks) + ".\n" in readme
    inits = re.findall(r"^pulumi stack init (?:--no-select )?(\S+)", readme, re.MULTILINE)
    assert inits[:-1] == [first, *others]
    assert inits[-1] not in stacks
    assert f"pulumi stack select {first}\n" in readme


@pytest.mark.parametrize(
    "stacks",
    [("prod", "staging", "test", "another"), ("another-2", "another", "test", "staging", "prod"), ("Prod",)],
)
def test_readme_example_is_no_stack_of_the_project(stacks: tuple[str, ...]) -> None:
    readme = render(replace(DEFAULTS, stacks=stacks))["README.md"]
    [example] = re.findall(r"^To add the environment `(\S+)`", readme, re.MULTILINE)
    # Windows and macOS keep one file for names that differ only in case.
    assert example.lower() not in {name.lower() for name in stacks}
    assert f"pulumi stack init {example}\n" in readme


def test_readme_copies_nothing_that_one_stack_encrypted() -> None:
    _, _, paragraph = read_template()["README.md"].partition("To add the environment")
    excluded = paragraph.partition("without")[2].partition("Give it")[0]
    assert all(f"`{name}`" in excluded for name in ("encryptionsalt", "secure:"))


def test_readme_is_about_one_screen() -> None:
    assert len(read_template()["README.md"].splitlines()) <= 82


@pytest.mark.parametrize("folder", ["infra/", "a b/c/", "a+b/", "x[1]/", "a: 'b' #/", "a.b/"])
def test_hooks_of_a_project_in_a_folder_are_for_it(folder: str) -> None:
    [repo] = yaml.safe_load(render(DEFAULTS, folder)[".pre-commit-config.yaml"])["repos"]
    check, pipeline = repo["hooks"]
    assert shlex.split(check["entry"]) == [f"{folder}.venv/bin/rootfi-pulumi", "check"]
    shell, option, script = shlex.split(pipeline["entry"])
    assert (shell, option) == ("sh", "-c")
    pipeline_check = [".venv/bin/rootfi-pulumi", "pipeline", "github", "--check"]
    assert shlex.split(script) == ["cd", folder, "&&", *pipeline_check]
    for hook in (check, pipeline):
        assert re.search(hook["files"], f"{folder}stacks/Pulumi.dev.yaml")
        assert not re.search(hook["files"], "stacks/Pulumi.dev.yaml")


@pytest.mark.parametrize("folder", ["", "infra/"])
@pytest.mark.parametrize("name", ["Pulumi.yaml", "pyproject.toml", "uv.lock", "poetry.lock"])
def test_hook_checks_the_pipeline_when_the_project_changes(name: str, folder: str) -> None:
    [repo] = yaml.safe_load(render(DEFAULTS, folder)[".pre-commit-config.yaml"])["repos"]
    assert re.search(repo["hooks"][1]["files"], f"{folder}{name}")


@pytest.mark.parametrize(
    ("forge", "file"), [(Forge.GITHUB, PIPELINE), (Forge.GITLAB, ".gitlab-ci.yml"), (Forge.NONE, "")]
)
def test_hook_checks_the_pipeline_of_the_forge(forge: Forge, file: str) -> None:
    text = render(replace(DEFAULTS, forge=forge))[".pre-commit-config.yaml"]
    _, *further = yaml.safe_load(text)["repos"][0]["hooks"]
    assert [hook["entry"] for hook in further] == (
        [f".venv/bin/rootfi-pulumi pipeline {forge} --check"] if file else []
    )
    assert all(re.search(hook["files"], file) for hook in further)


def test_schema_is_json() -> None:
    assert json.loads(read_template()["stacks/schema.json"])["$schema"]
