"""What a generated GitLab pipeline promises."""

import re
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.cli.pipeline import render
from rootfi_pulumi.cli.pipeline.options import Options
from tests.support.distribution.own_repository import gitlab, write_repository

STACKS = ("dev", "staging", "prod")


@pytest.fixture
def pipeline(tmp_path: Path) -> dict[str, Any]:
    return gitlab(write_repository(tmp_path, stacks=STACKS), backend="s3")


def test_only_a_job_without_an_environment_installs(pipeline: dict[str, Any]) -> None:
    assert "environment" not in pipeline["install"]
    assert pipeline["install"]["script"] == [
        "python -m venv .venv",
        ".venv/bin/python -m pip install --requirement requirements.txt",
    ]
    assert pipeline["install"]["artifacts"]["paths"] == [".venv"]
    scripts = {name: job["script"] for name, job in pipeline.items() if "environment" in job}
    assert scripts == {
        f"{step}-{stack}": [f".venv/bin/rootfi-pulumi {step} {stack}"]
        for step in ("preview", "deploy", "drift")
        for stack in STACKS
    }


def test_every_job_takes_the_packages_from_the_install_job(pipeline: dict[str, Any]) -> None:
    users = [
        pipeline[name] for name in ("check", ".preview", ".drift", *(f"deploy-{each}" for each in STACKS))
    ]
    assert all("install" in job["needs"] for job in users)


def test_no_secret_is_listed_in_the_file(pipeline: dict[str, Any]) -> None:
    assert "XERO_SECRET" not in str(pipeline)


def test_image_has_the_tested_pulumi_and_the_python(tmp_path: Path) -> None:
    image = gitlab(write_repository(tmp_path), python="3.12")["default"]["image"]
    assert image == "pulumi/pulumi-python-3.12:3.274.1"


def test_deploys_follow_each_other_and_production_is_manual(pipeline: dict[str, Any]) -> None:
    deploys = [pipeline[f"deploy-{stack}"] for stack in STACKS]
    assert [job["needs"] for job in deploys] == [
        ["install"],
        ["install", "deploy-dev"],
        ["install", "deploy-staging"],
    ]
    assert [job["resource_group"] for job in deploys] == [f"rootfi-deploy-{stack}" for stack in STACKS]
    assert ["manual" in str(job.get("rules")) for job in deploys] == [False, False, True]
    assert pipeline[".deploy"]["interruptible"] is False


@pytest.mark.parametrize(("stacks", "manual"), [(["dev"], False), (["prod"], True), (["a", "b"], True)])
def test_last_of_several_stacks_waits_for_a_person(stacks: list[str], manual: bool, tmp_path: Path) -> None:
    last = gitlab(write_repository(tmp_path, stacks=stacks))[f"deploy-{stacks[-1]}"]
    assert ("manual" in str(last.get("rules"))) is manual


@pytest.mark.parametrize("toolchain", ["uv", "poetry"])
def test_package_manager_comes_with_the_packages(toolchain: str, tmp_path: Path) -> None:
    pipeline = gitlab(write_repository(tmp_path, toolchain=toolchain))
    assert pipeline["install"]["artifacts"]["paths"] == [".venv", ".pipeline-tools"]
    first, *_ = pipeline["deploy-dev"]["script"]
    assert first.startswith('export PATH="$PWD/.pipeline-tools/bin:$PATH"')
    assert ("POETRY_VIRTUALENVS_IN_PROJECT=true" in first) is (toolchain == "poetry")


def test_project_in_a_folder_is_entered_first(tmp_path: Path) -> None:
    pipeline = gitlab(write_repository(tmp_path, inside="infra"))
    assert pipeline["install"]["script"][0] == "cd infra"
    assert pipeline["install"]["artifacts"]["paths"] == ["infra/.venv"]
    assert pipeline["preview-dev"]["after_script"][0] == "cd infra"
    assert pipeline[".preview"]["artifacts"]["paths"] == ["infra/report.md"]


def test_packages_of_a_uv_workspace_are_passed_on_from_its_root(tmp_path: Path) -> None:
    root = write_repository(tmp_path, toolchain="uv", inside="infra")
    (tmp_path / "uv.lock").touch()
    assert gitlab(root)["install"]["artifacts"]["paths"] == [".venv", "infra/.pipeline-tools"]


@pytest.mark.parametrize("folder", ["a, b", "x[1]", "a b", "a: b", "{a}"])
def test_odd_folder_stays_one_path(folder: str, tmp_path: Path) -> None:
    pipeline = gitlab(write_repository(tmp_path, inside=folder))
    assert pipeline["install"]["artifacts"]["paths"] == [f"{folder}/.venv"]
    assert pipeline[".preview"]["artifacts"]["paths"] == [f"{folder}/report.md"]


def test_branch_is_the_default_one_unless_given(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    assert "== $CI_DEFAULT_BRANCH" in str(gitlab(root)[".deploy"]["rules"])
    assert '== "trunk"' in str(gitlab(root, branch="trunk")[".deploy"]["rules"])


def file_names(project: dict[str, Any]) -> set[str]:
    """Return the keys that GitLab merges with those of other files; `stages` is the same in each."""
    return project.keys() - {"stages"}


@pytest.mark.parametrize(
    "other",
    [
        {"file": ".gitlab/third.yml"},
        {"file": "infra/second.yml"},
        {"file": ".gitlab/release.yml", "branch": "release"},
        {},
    ],
    ids=str,
)
def test_two_included_files_have_no_key_in_common(other: dict[str, str], tmp_path: Path) -> None:
    root = write_repository(tmp_path, stacks=STACKS)
    included = gitlab(root, file=".gitlab/second.yml")
    assert file_names(included) & file_names(gitlab(root, **other)) == set()


def test_included_file_leaves_the_defaults_of_others(tmp_path: Path) -> None:
    included = gitlab(write_repository(tmp_path), file=".gitlab/second.yml")
    assert "default" not in included
    starting = [job for name, job in included.items() if name != "stages" and "extends" not in job]
    assert [job["image"] for job in starting] == ["pulumi/pulumi-python-3.13:3.274.1"] * 5
    assert {job["timeout"] for job in starting} == {"60 minutes"}


def test_jobs_of_an_included_file_name_each_other(tmp_path: Path) -> None:
    included = gitlab(write_repository(tmp_path, stacks=STACKS), file=".gitlab/second.yml")
    jobs = [job for name, job in included.items() if name != "stages"]
    named = {job["extends"] for job in jobs if "extends" in job}
    named |= {needed for job in jobs for needed in job.get("needs", [])}
    assert named <= included.keys()


def test_deploys_of_a_stack_wait_whichever_file_has_them(tmp_path: Path) -> None:
    included = gitlab(write_repository(tmp_path), file=".gitlab/second.yml")
    assert included["deploy-dev (.gitlab/second.yml)"]["resource_group"] == "rootfi-deploy-dev"


@pytest.mark.parametrize("name", ["install", ".drift"])
def test_schedule_of_another_branch_checks_no_drift(name: str, tmp_path: Path) -> None:
    [rule] = [
        each["if"]
        for each in gitlab(write_repository(tmp_path), branch="release")[name]["rules"]
        if "schedule" in each["if"]
    ]
    assert rule == '$CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == "release"'


def test_advised_scopes_are_those_of_one_stack(tmp_path: Path) -> None:
    text = render("gitlab", write_repository(tmp_path), Options())
    comments = " ".join(line for line in text.splitlines() if line.startswith("#"))
    assert re.findall(r"`([^ `]+)`", comments) == ["dev", "dev-preview"]
