"""What a generated workflow promises: which job runs when, with which secrets, and what protects them."""

from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.cli.pipeline import render
from rootfi_pulumi.cli.pipeline.options import Options
from tests.support.distribution.own_repository import (
    PASSPHRASE,
    commands,
    github,
    step_of,
    write_repository,
)

STACKS = ("dev", "staging", "prod")
BACKEND = {"PULUMI_BACKEND_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
SETTINGS = {"PULUMI_CONFIG_PASSPHRASE", "ROOTFI_API_KEY"}
STEPS = ("preview", "deploy", "drift")


@pytest.fixture
def jobs(tmp_path: Path) -> dict[str, Any]:
    root = write_repository(tmp_path, stacks=STACKS, stack=PASSPHRASE)
    found: dict[str, Any] = github(root, backend="s3")["jobs"]
    return found


def test_each_stack_has_a_job_for_each_step(jobs: dict[str, Any]) -> None:
    assert list(jobs) == ["check", *(f"{step}-{stack}" for step in STEPS for stack in STACKS)]


@pytest.mark.parametrize("step", STEPS)
def test_step_gets_its_stacks_secrets_and_no_other_does(step: str, jobs: dict[str, Any]) -> None:
    job = jobs[f"{step}-dev"]
    assert "env" not in job
    given = {each["run"]: set(each["env"]) for each in job["steps"] if "env" in each}
    report = '.venv/bin/rootfi-pulumi report --stack dev --format markdown{} >> "$GITHUB_STEP_SUMMARY"'
    reports = {
        "preview": {report.format(""): BACKEND},
        "drift": {report.format(" --refresh"): BACKEND | SETTINGS},
        "deploy": {},
    }
    needed = BACKEND | SETTINGS | {"XERO_SECRET"}
    first = "exec " if step == "deploy" else ""
    assert given == {f"{first}.venv/bin/rootfi-pulumi {step} dev": needed} | reports[step]


@pytest.mark.parametrize("step", ["preview", "drift"])
def test_report_is_written_after_a_failure_too(step: str, jobs: dict[str, Any]) -> None:
    assert step_of(jobs[f"{step}-dev"], "report")["if"] == "${{ !cancelled() }}"


def test_secret_is_a_secret_and_an_address_a_variable(jobs: dict[str, Any]) -> None:
    env = step_of(jobs["deploy-dev"], "deploy")["env"]
    assert env["PULUMI_BACKEND_URL"] == "${{ vars.PULUMI_BACKEND_URL }}"
    assert {env[name] for name in env.keys() - {"PULUMI_BACKEND_URL"}} == {
        f"${{{{ secrets.{name} }}}}" for name in env.keys() - {"PULUMI_BACKEND_URL"}
    }


def test_each_job_may_read_the_repository_and_ends(jobs: dict[str, Any]) -> None:
    for job in jobs.values():
        assert job["permissions"] == {"contents": "read"}
        assert job["steps"][0]["with"] == {"persist-credentials": False}
        assert job["timeout-minutes"] <= 60


def test_workflow_has_no_permission_and_its_four_triggers(tmp_path: Path) -> None:
    workflow = github(write_repository(tmp_path), branch="trunk", drift_cron="0 5 * * 1")
    assert workflow["permissions"] == {}
    assert workflow["on"].keys() == {"pull_request", "push", "schedule", "workflow_dispatch"}
    assert workflow["on"]["push"] == {"branches": ["trunk"]}
    assert workflow["on"]["schedule"] == [{"cron": "0 5 * * 1"}]
    assert "'refs/heads/trunk'" in workflow["jobs"]["deploy-dev"]["if"]


def test_deploys_follow_each_other_and_are_never_cancelled(jobs: dict[str, Any]) -> None:
    deploys = [jobs[f"deploy-{stack}"] for stack in STACKS]
    assert [job.get("needs") for job in deploys] == [None, "deploy-dev", "deploy-staging"]
    assert [job["environment"] for job in deploys] == list(STACKS)
    assert [job["concurrency"] for job in deploys] == [
        {"group": f"rootfi-deploy-{stack}", "cancel-in-progress": False} for stack in STACKS
    ]
    assert {job["if"] for job in deploys} == {
        "github.ref == 'refs/heads/main' && (github.event_name == 'push' || inputs.run == 'deploy')"
    }


@pytest.mark.parametrize("step", ["preview", "drift"])
def test_jobs_that_only_read_have_their_own_environment(step: str, jobs: dict[str, Any]) -> None:
    assert [jobs[f"{step}-{stack}"]["environment"] for stack in STACKS] == [
        f"{each}-preview" for each in STACKS
    ]


def test_drift_check_cannot_displace_a_deploy(jobs: dict[str, Any]) -> None:
    assert jobs["drift-dev"]["concurrency"] == {"group": "rootfi-drift-dev", "cancel-in-progress": False}
    assert jobs["drift-dev"]["if"] == "github.event_name == 'schedule' || inputs.run == 'drift'"


def test_forks_and_update_bots_get_no_job_with_secrets(jobs: dict[str, Any]) -> None:
    for stack in STACKS:
        condition = jobs[f"preview-{stack}"]["if"]
        assert "github.event_name == 'pull_request' && " in condition
        assert "head.repo.full_name == github.repository" in condition
        assert "user.login != 'dependabot[bot]'" in condition
        assert "user.login != 'renovate[bot]'" in condition
    assert "secrets." not in str(jobs["check"])


def test_check_needs_neither_secrets_nor_pulumi(jobs: dict[str, Any]) -> None:
    assert commands(jobs["check"])[-2:] == [
        ".venv/bin/rootfi-pulumi check stacks/Pulumi.dev.yaml stacks/Pulumi.staging.yaml stacks/Pulumi.prod.yaml",
        ".venv/bin/rootfi-pulumi pipeline github --check",
    ]
    assert "environment" not in jobs["check"]
    assert "pulumi/actions" not in str(jobs["check"])


@pytest.mark.parametrize(
    ("toolchain", "installed"),
    [
        (
            "pip",
            ["python -m venv .venv", ".venv/bin/python -m pip install --requirement requirements.txt"],
        ),
        ("uv", ["uv sync --locked"]),
        ("poetry", ["pipx install poetry==2.5.1", "poetry install --no-interaction --only main"]),
    ],
)
def test_packages_are_installed_by_the_toolchain(
    toolchain: str, installed: list[str], tmp_path: Path
) -> None:
    job = github(write_repository(tmp_path, toolchain=toolchain))["jobs"]["deploy-dev"]
    assert commands(job) == [*installed, "exec .venv/bin/rootfi-pulumi deploy dev"]
    assert ("astral-sh/setup-uv" in str(job)) is (toolchain == "uv")


def test_setup_commands_replace_the_steps_that_install(tmp_path: Path) -> None:
    setup = ("make setup", "echo 'a: b' # c")
    job = github(write_repository(tmp_path), setup=setup)["jobs"]["deploy-dev"]
    assert commands(job) == [*setup, "exec .venv/bin/rootfi-pulumi deploy dev"]
    assert "pulumi/actions" not in str(job)


def test_project_in_a_folder_runs_there(tmp_path: Path) -> None:
    workflow = github(write_repository(tmp_path, inside="infra/rootfi"))
    assert workflow["defaults"] == {"run": {"working-directory": "infra/rootfi"}}


@pytest.mark.parametrize("name", ["1.0", "on", "null", "EU-Prod_2", "0x1F", "1e3", ".x"])
def test_odd_stack_name_stays_text(name: str, tmp_path: Path) -> None:
    jobs = github(write_repository(tmp_path, stacks=[name]))["jobs"]
    [deploy] = [job for key, job in jobs.items() if key.startswith("deploy-")]
    assert deploy["environment"] == name
    assert commands(deploy)[-1] == f"exec .venv/bin/rootfi-pulumi deploy {name}"


@pytest.mark.parametrize("name", ["1e3", "0o17", "0x1F", "1.0"])
def test_number_of_yaml_1_2_is_in_quotes(name: str, tmp_path: Path) -> None:
    """PyYAML, with which the test above reads, takes `1e3` for text; GitHub takes it for 1000."""
    text = render("github", write_repository(tmp_path, stacks=[name]), Options())
    assert f'environment: "{name}"\n' in text


def test_newer_pin_of_the_committed_file_is_kept(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    path = tmp_path / ".github" / "workflows" / "rootfi.yml"
    path.parent.mkdir(parents=True)
    newer, older = f"actions/checkout@{'a' * 40} # v99.0.1", f"actions/setup-python@{'b' * 40} # v1.0.0"
    path.write_text(f"- uses: {newer}\n- uses: {older}\n- uses: evil/action@{'c' * 40} # v1\n")
    text = render("github", root, Options())
    assert (newer in text, older in text, "evil" in text) == (True, False, False)


@pytest.mark.parametrize(
    ("stacks", "noted"),
    [
        (["dev"], []),
        (["live"], ["live"]),
        (["dev", "eu"], ["eu"]),
        (["dev", "prod"], ["prod"]),
        (["prod", "prod-eu"], ["prod", "prod-eu"]),
    ],
    ids=",".join,
)
def test_workflow_says_which_environment_to_protect(
    stacks: list[str], noted: list[str], tmp_path: Path
) -> None:
    lines = render("github", write_repository(tmp_path, stacks=stacks), Options(branch="trunk")).splitlines()
    note = "    # Give it reviewers, and restrict it to trunk: GitHub creates an environment without rules."
    after = [lines[index + 1] for index, line in enumerate(lines) if line == note]
    assert after == [f"    environment: {stack}" for stack in noted]


SECOND = {"file": ".github/workflows/prod.yml", "branch": "release"}


def groups_of(workflow: dict[str, Any], step: str) -> set[str]:
    """Return the concurrency groups of a step's jobs."""
    return {job["concurrency"]["group"] for name, job in workflow["jobs"].items() if name.startswith(step)}


@pytest.mark.parametrize("step", ["check", "preview", "drift"])
def test_workflows_of_a_project_do_not_cancel_each_other(step: str, tmp_path: Path) -> None:
    root = write_repository(tmp_path, stacks=STACKS)
    assert groups_of(github(root), step) & groups_of(github(root, **SECOND), step) == set()


def test_deploys_of_a_stack_wait_whichever_workflow_has_them(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    assert groups_of(github(root), "deploy") == groups_of(github(root, **SECOND), "deploy")


def test_required_checks_of_two_workflows_have_other_names(tmp_path: Path) -> None:
    root = write_repository(tmp_path, stacks=STACKS)
    first, second = github(root), github(root, **SECOND)
    names = [{each["name"], *(job["name"] for job in each["jobs"].values())} for each in (first, second)]
    assert names[0] & names[1] == set()
    assert second["jobs"]["check"]["name"] == "check the stack files (prod.yml)"


def test_drift_check_reads_the_branch_that_is_deployed(tmp_path: Path) -> None:
    jobs = github(write_repository(tmp_path), branch="release")["jobs"]
    assert jobs["drift-dev"]["steps"][0]["with"]["ref"] == "release"
    # These run on the branch itself, or on a pull request.
    others = [job["steps"][0]["with"] for name, job in jobs.items() if name != "drift-dev"]
    assert not any("ref" in each for each in others)
