"""The text of the workflows and of the GitLab pipeline in docs/pipelines.md, checked without running them."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.distribution import workflow
from tests.support.distribution.workflow import STACKS, WORKFLOWS, jobs
from tests.support.pulumi_project import REPOSITORY

BACKEND = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
PROVIDER = {"PULUMI_CONFIG_PASSPHRASE", "ROOTFI_API_KEY"}
STACK_JOBS = [(name, stack) for name in ("preview", "deploy", "drift") for stack in STACKS]
ALL_JOBS = [pytest.param(job, id=f"{name}-{job_name}") for name, job_name, job in jobs()]


def tool(name: str, *args: str | Path) -> None:
    command = [Path(sys.executable).with_name(name), *args]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def gitlab(tmp_path: Path) -> Path:
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(workflow.gitlab())
    return path


def declared_variables(stack: str) -> set[str]:
    """The `from_env` names of a stack's file."""
    content = yaml.safe_load((REPOSITORY / "stacks" / f"Pulumi.{stack}.yaml").read_text())
    secrets = [each["client_secret"] for each in content["config"]["rootfi:integrations"].values()]
    return {secret["from_env"] for secret in secrets if "from_env" in secret}


def steps_of(target: str, job: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for step in job["steps"] if step.get("run", "").startswith(f"make {target}")]


def test_the_workflows_are_what_github_takes() -> None:
    tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS.glob("*.yml"))


def test_dependabots_settings_are_what_github_takes() -> None:
    tool("check-jsonschema", "--builtin-schema", "vendor.dependabot", WORKFLOWS.parent / "dependabot.yml")


def test_zizmor_finds_nothing_in_them_even_when_pedantic() -> None:
    tool("zizmor", "--offline", "--persona", "pedantic", "--strict-collection", WORKFLOWS.parent)


def test_every_action_is_pinned_to_a_commit_with_a_version_comment() -> None:
    used = [line for path in WORKFLOWS.glob("*.yml") for line in re.findall("uses:.*", path.read_text())]
    assert used
    assert [line for line in used if not re.fullmatch(r"uses: [\w/-]+@[0-9a-f]{40} # v[\d.]+", line)] == []


@pytest.mark.parametrize("name", ["ci", "preview", "deploy", "drift"])
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
    lines = [step["run"].removesuffix(' >> "$GITHUB_STEP_SUMMARY"') for step in job["steps"] if "run" in step]
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    assert lines
    for line in lines:
        match = re.fullmatch(r"make ([a-z-]+)( [A-Z_]+=[a-z-]+)*", line)
        assert line == ".ci/run" or (match and match[1] in targets), line


@pytest.mark.parametrize(("name", "stack"), STACK_JOBS)
def test_a_stacks_job_passes_what_the_stacks_file_names_and_no_more(name: str, stack: str) -> None:
    job = workflow.read(name)["jobs"][stack]
    assert workflow.passed(job) == BACKEND | PROVIDER | declared_variables(stack)
    [step] = steps_of(name, job)
    assert step["run"] == f"make {name} STACK={stack}"
    assert step["env"].keys() == {"PULUMI_BACKEND_URL"} | BACKEND | PROVIDER | declared_variables(stack)


@pytest.mark.parametrize(("name", "stack"), STACK_JOBS)
def test_a_secret_reaches_the_step_that_needs_it_and_no_other(name: str, stack: str) -> None:
    job = workflow.read(name)["jobs"][stack]
    assert "env" not in job
    assert [step["run"] for step in job["steps"] if "env" in step and "make" not in step["run"]] == []
    [setup] = steps_of("setup", job)
    assert "env" not in setup


@pytest.mark.parametrize(("name", "needs"), [("preview", set()), ("drift", PROVIDER)])
@pytest.mark.parametrize("stack", STACKS)
def test_the_report_is_given_no_client_secret(name: str, needs: set[str], stack: str) -> None:
    [report] = steps_of("report", workflow.read(name)["jobs"][stack])
    assert report["env"].keys() == {"PULUMI_BACKEND_URL"} | BACKEND | needs
    assert report["if"] == "${{ !cancelled() }}"


def test_production_comes_last() -> None:
    deploy = workflow.read("deploy")["jobs"]
    assert [(stack, job.get("needs")) for stack, job in deploy.items()] == [
        ("dev", None),
        ("staging", "dev"),
        ("prod", "staging"),
    ]


@pytest.mark.parametrize("stack", STACKS)
def test_an_environment_is_changed_from_main_alone_one_at_a_time(stack: str) -> None:
    job = workflow.read("deploy")["jobs"][stack]
    assert job["if"] == "github.ref == 'refs/heads/main'"
    assert job["environment"] == stack
    assert job["concurrency"] == {"group": f"deploy-{stack}", "cancel-in-progress": False}


@pytest.mark.parametrize("stack", STACKS)
def test_read_only_jobs_have_no_access_to_the_deploy_environment(stack: str) -> None:
    jobs_ = [workflow.read(name)["jobs"][stack] for name in ("preview", "drift")]
    assert [job["environment"] for job in jobs_] == [f"{stack}-preview"] * 2


@pytest.mark.parametrize("stack", STACKS)
def test_a_pull_request_of_a_fork_gets_no_job_with_secrets(stack: str) -> None:
    preview = workflow.read("preview")
    assert preview["on"] == {"pull_request": None}
    assert "head.repo.full_name == github.repository" in preview["jobs"][stack]["if"]


def test_what_a_pull_request_of_a_fork_runs_has_no_secret() -> None:
    assert "secrets." not in (WORKFLOWS / "ci.yml").read_text()


def test_the_gitlab_pipeline_is_what_gitlab_takes(gitlab: Path) -> None:
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    tool("check-jsonschema", *schema, gitlab)


def test_the_gitlab_pipeline_runs_the_same_targets(gitlab: Path) -> None:
    pipeline = yaml.safe_load(gitlab.read_text())
    assert pipeline["default"]["before_script"] == ["make setup"]
    told = {name: pipeline[name]["script"] for name in ("preview", ".deploy", "drift")}
    assert told == {"preview": ["make preview"], ".deploy": ["make deploy"], "drift": ["make drift"]}


def test_gitlab_deploys_one_at_a_time_and_production_manually(gitlab: Path) -> None:
    pipeline = yaml.safe_load(gitlab.read_text())
    assert pipeline[".deploy"]["resource_group"] == "deploy-$STACK"
    assert [pipeline[stack]["variables"] for stack in STACKS] == [{"STACK": stack} for stack in STACKS]
    assert [pipeline[stack].get("needs") for stack in STACKS] == [None, ["dev"], ["staging"]]
    assert ["manual" in str(pipeline[stack].get("rules")) for stack in STACKS] == [False, False, True]
