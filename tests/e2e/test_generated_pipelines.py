"""Generated pipelines of several projects: other people's linters take them, and their steps run as they are."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from rootfi_pulumi.cli.pipeline import render
from rootfi_pulumi.cli.pipeline.options import Forge, Options
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.distribution import wheelhouse, workflow
from tests.support.distribution.installation import UV
from tests.support.distribution.own_repository import PASSPHRASE, XERO, write_repository
from tests.support.distribution.workflow import Clone
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY
from tests.support.session_folder import made_once

ALL_STACKS = ("dev", "staging", "prod")
ODD_STACKS = ("1.0", "on", "EU-Prod_2", "0x1F")
PROJECTS: dict[str, tuple[dict[str, Any], Options]] = {
    "pip-s3": ({"stacks": ALL_STACKS, "stack": PASSPHRASE}, Options(backend="s3")),
    "pip-file": ({"backend": "file:///srv/states"}, Options()),
    "uv-cloud": ({"toolchain": "uv"}, Options(python="3.12", secret=("PROXY_PASSWORD",))),
    "uv-odd-names": ({"toolchain": "uv", "stacks": ODD_STACKS, "backend": "gs://bucket"}, Options()),
    "poetry-postgres": ({"toolchain": "poetry", "backend": "postgres://pulumi@db/states"}, Options()),
    "folder-azblob": ({"inside": "infra/a b", "backend": "azblob://container"}, Options(branch="trunk")),
    "setup": ({"stacks": ALL_STACKS}, Options(setup=("make setup", "echo 'a: b' >> \"$GITHUB_PATH\""))),
    "further": (
        {"stacks": ALL_STACKS, "inside": "infra"},
        Options(branch="release", file="ci/further.yml", secret=("PULUMI_BACKEND_URL",), backend="postgres"),
    ),
    "kms": ({"stack": {"secretsprovider": "hashivault://key"}}, Options(drift_cron="0 5 * * 1-5")),
}

PYPROJECT = f"""
[project]
name = "own"
version = "0"
requires-python = "=={sys.version_info.major}.{sys.version_info.minor}.*"
dependencies = ["rootfi-pulumi[cli]"]
"""


def lint(name: str, *args: str | Path) -> None:
    done = subprocess.run([UV.with_name(name), *args], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def files(tmp_path: Path) -> dict[Forge, list[Path]]:
    """Every project's pipelines, each in the place where its forge reads it."""
    found: dict[Forge, list[Path]] = {forge: [] for forge in Forge}
    for name, (project, options) in PROJECTS.items():
        root = write_repository(tmp_path / name, **project)
        for forge in Forge:
            path = tmp_path / name / forge.default_path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render(forge, root, options))
            found[forge].append(path)
    return found


def test_generated_pipelines_are_what_the_forges_take(files: dict[Forge, list[Path]]) -> None:
    lint("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files[Forge.GITHUB])
    gitlab = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    lint("check-jsonschema", *gitlab, *files[Forge.GITLAB])


def test_zizmor_finds_nothing_in_generated_workflows(files: dict[Forge, list[Path]]) -> None:
    lint("zizmor", "--offline", "--persona", "pedantic", "--strict-collection", *files[Forge.GITHUB])


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "wheelhouse", wheelhouse.fill)


@pytest.fixture
def runner_environ(tmp_path: Path, environ: dict[str, str], wheels: Path) -> dict[str, str]:
    """The environment of a runner: it has what the workflow's actions install, and packages without a network."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "python").symlink_to(sys.executable)
    (tools / "uv").symlink_to(UV)
    others = [each for each in environ["PATH"].split(os.pathsep) if not each.startswith(sys.prefix)]
    path = os.pathsep.join([str(tools), *others])
    own = environ | wheelhouse.options(wheels) | {"PATH": path}
    del own["PYTHONPATH"]
    return own


@pytest.fixture
def runner(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    runner_environ: dict[str, str],
    emulator: Emulator,
    api_key: str,
) -> Clone:
    """A repository of one's own, with the toolchain that is the parameter, on a runner."""
    config = {"rootfi:baseUrl": emulator.url, "rootfi:integrations": {"xero": XERO}}
    root = write_repository(tmp_path / "own", toolchain=request.param, stack={"config": config})
    (root / "__main__.py").write_text((REPOSITORY / "__main__.py").read_text())
    if request.param == "uv":
        (root / "pyproject.toml").write_text(PYPROJECT)
        subprocess.run([UV, "lock", "--quiet"], cwd=root, env=runner_environ, check=True)
    else:
        (root / "requirements.txt").write_text("rootfi-pulumi[cli]\n")
    values = {
        "ROOTFI_API_KEY": api_key,
        "XERO_SECRET": "a-client-secret",
        "PULUMI_CONFIG_PASSPHRASE": "a phrase",
    }
    made = workflow.with_secrets(root, runner_environ, values)
    made.pulumi("stack", "init", "dev")
    return made


def write(runner: Clone, forge: Forge) -> dict[str, Any]:
    """Write the pipeline of a repository, whose backend is a folder, and return it."""
    text = render(forge, runner.folder, Options(backend="file"))
    path = runner.folder / forge.default_path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    pipeline: dict[str, Any] = yaml.safe_load(text)
    return pipeline


@pytest.mark.pipeline
@pytest.mark.parametrize("runner", ["pip", "uv"], indirect=True)
def test_steps_of_a_generated_workflow_run(runner: Clone, emulator: Emulator, api_key: str) -> None:
    jobs = write(runner, Forge.GITHUB)["jobs"]
    for step in jobs["check"]["steps"]:
        if "run" in step:
            result = runner.step(step)
            assert result.code == 0, result.output
    assert "+ 4 to create" in runner.job("preview", "dev").output
    assert emulator.calls == []
    runner.job("deploy", "dev")
    assert len(emulator.integrations(api_key)) == 1
    runner.job("drift", "dev")
    runner.job("drift", "dev", target="report")
    assert "xero" in runner.summary.read_text()
    emulator.edit(1234, is_disabled=True)
    assert "is_disabled" in runner.job("drift", "dev", code=None).output


@pytest.mark.pipeline
def test_cancelled_deploy_ends_after_its_requests(clone: Clone, emulator: Emulator, api_key: str) -> None:
    [step] = [each for each in clone.steps("deploy", "dev") if "rootfi-pulumi deploy" in each.get("run", "")]
    emulator.inject(Fault(operation="create", hold=True, times=None))
    with clone.start(step) as deploy:
        emulator.wait_for_requests(2, PATIENCE)
        # GitHub signals the step's first process alone.
        deploy.send_signal(signal.SIGINT)
        assert deploy.stdout
        assert any("received" in line for line in deploy.stdout)
        emulator.clear_faults()
        emulator.release()
        assert "the run was canceled" in deploy.stdout.read()
    emulator.forget_requests()
    clone.job("deploy", "dev")
    assert emulator.calls.count("POST /integrations") == 0
    assert len(emulator.integrations(api_key)) == 2


@pytest.mark.pipeline
@pytest.mark.parametrize("runner", ["pip"], indirect=True)
def test_scripts_of_a_generated_gitlab_pipeline_run(runner: Clone, emulator: Emulator, api_key: str) -> None:
    pipeline = write(runner, Forge.GITLAB)
    for name in ("install", "check", "preview-dev", "deploy-dev", "drift-dev"):
        for script, scoped in scripts(pipeline[name]):
            result = runner.script(script, runner.variables | runner.secrets if scoped else {})
            assert result.code == 0, result.output
    assert len(emulator.integrations(api_key)) == 1
    assert "xero" in (runner.folder / "report.md").read_text()


def scripts(job: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield what a job's shells run, and whether they get the variables of an environment's scope."""
    for key in ("script", "after_script"):
        if key in job:
            yield "\n".join(job[key]), "environment" in job
