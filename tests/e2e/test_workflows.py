"""The text of this repository's workflows, checked without running them."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.cli.pipeline.committed import compare
from rootfi_pulumi.cli.pipeline.options import Forge
from tests.support.distribution import workflow
from tests.support.distribution.workflow import STACKS, WORKFLOWS, jobs
from tests.support.pulumi_project import REPOSITORY

COMMAND = ".venv/bin/rootfi-pulumi "
# Where there is no make: the tests that need no engine (docs/platforms.md).
WITHOUT_MAKE = {
    "python -m pip install --require-hashes --requirement requirements-dev.txt",
    "python -m pytest --numprocesses auto tests/unit tests/contract",
}
# test_release_workflow.py is about the jobs of the workflow `release`.
ALL_JOBS = [pytest.param(job, id=f"{name}-{job_name}") for name, job_name, job in jobs() if name != "release"]


def tool(name: str, *args: str | Path) -> None:
    command = [Path(sys.executable).with_name(name), *args]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflow_is_what_the_generator_writes() -> None:
    _, diff = compare(Forge.GITHUB, REPOSITORY, "")
    assert diff == ""


def test_the_workflows_are_what_github_takes() -> None:
    tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS.glob("*.yml"))


def test_zizmor_finds_nothing_in_them_even_when_pedantic() -> None:
    tool("zizmor", "--offline", "--persona", "pedantic", "--strict-collection", WORKFLOWS.parent)


def test_every_action_is_pinned_to_a_commit_with_a_version_comment() -> None:
    used = [line for path in WORKFLOWS.glob("*.yml") for line in re.findall("uses:.*", path.read_text())]
    assert used
    assert [line for line in used if not re.fullmatch(r"uses: [\w/-]+@[0-9a-f]{40} # v[\d.]+", line)] == []


@pytest.mark.parametrize("name", ["ci", "rootfi"])
def test_a_workflow_has_no_permission_of_its_own(name: str) -> None:
    assert workflow.read(name)["permissions"] == {}


@pytest.mark.parametrize("job", ALL_JOBS)
def test_a_job_may_read_the_repository_and_nothing_else(job: dict[str, Any]) -> None:
    assert job["permissions"] == {"contents": "read"}
    assert job["steps"][0]["with"] == {"persist-credentials": False}


@pytest.mark.parametrize("job", ALL_JOBS)
def test_a_job_ends_by_itself(job: dict[str, Any]) -> None:
    assert job["timeout-minutes"] <= 90


@pytest.mark.parametrize("job", ALL_JOBS)
def test_a_job_runs_what_a_person_can_run(job: dict[str, Any]) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    lines = [step["run"].partition(" >> ")[0] for step in job["steps"] if "run" in step]
    assert lines
    for line in lines:
        match = re.fullmatch(r"make (?:-s )?([a-z-]+)", line)
        is_target = match is not None and match[1] in targets
        is_command = line.removeprefix("exec ").startswith(COMMAND)
        assert is_target or is_command or line in {".ci/run", *WITHOUT_MAKE}, line


def test_unit_tests_run_on_each_system_and_python() -> None:
    ci = workflow.read("ci")["jobs"]
    matrix = ci["systems"]["strategy"]["matrix"]
    claimed = re.findall(r"Python :: (3\.\d+)", (REPOSITORY / "pyproject.toml").read_text())
    assert {each.partition("-")[0] for each in matrix["os"]} == {"macos", "windows"}
    assert matrix["python"] == [claimed[0], claimed[-1]]
    assert {step["run"] for step in ci["systems"]["steps"] if "run" in step} == WITHOUT_MAKE
    [setup] = [step["with"] for step in ci["bounds"]["steps"] if "python-version" in step.get("with", {})]
    assert setup["python-version"].split() == claimed


@pytest.mark.parametrize("stack", STACKS)
def test_a_stacks_jobs_install_without_secrets(stack: str) -> None:
    for step in ("preview", "deploy", "drift"):
        job = workflow.read("rootfi")["jobs"][f"{step}-{stack}"]
        given = [each["run"].removeprefix("exec ") for each in job["steps"] if "env" in each]
        assert [line for line in given if not line.startswith(COMMAND)] == []
        assert "env" not in job


def test_what_a_pull_request_of_a_fork_runs_has_no_secret() -> None:
    assert "secrets." not in (WORKFLOWS / "ci.yml").read_text()
