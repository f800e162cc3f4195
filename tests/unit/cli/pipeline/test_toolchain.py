"""How a pipeline installs a project's packages, by its toolchain."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rootfi_pulumi.cli.pipeline.options import PipelineError
from rootfi_pulumi.cli.pipeline.toolchain import Installation, find_installation
from rootfi_pulumi.project.project import Project
from tests.support.distribution.installation import UV
from tests.support.distribution.own_repository import write_repository
from tests.support.systems import POSIX


def installation(root: Path) -> Installation:
    return find_installation(Project.find(root))


def test_pip_installs_the_requirements_into_the_virtualenv(tmp_path: Path) -> None:
    found = installation(write_repository(tmp_path))
    assert (found.bin, found.here, found.tool) == (".venv/bin/", ".venv/bin/", "")
    assert found.commands == (
        "python -m venv .venv",
        ".venv/bin/python -m pip install --requirement requirements.txt",
    )


def test_uv_installs_the_lock(tmp_path: Path) -> None:
    found = installation(write_repository(tmp_path, toolchain="uv"))
    assert (found.bin, found.here, found.commands) == (".venv/bin/", "uv run ", ("uv sync --locked",))


def test_uv_workspace_has_its_environment_at_its_root(tmp_path: Path) -> None:
    root = write_repository(tmp_path, toolchain="uv", inside="infra")
    (tmp_path / "uv.lock").touch()
    assert installation(root).bin == "../.venv/bin/"


def test_uv_uses_the_virtualenv_of_the_project(tmp_path: Path) -> None:
    runtime = {"name": "python", "options": {"toolchain": "uv", "virtualenv": "env"}}
    found = installation(write_repository(tmp_path, runtime=runtime))
    assert (found.bin, found.commands) == ("env/bin/", ("UV_PROJECT_ENVIRONMENT=env uv sync --locked",))


@pytest.mark.parametrize(
    ("virtualenv", "expected"),
    [
        (".venv", 'UV_PROJECT_ENVIRONMENT="$PWD"/.venv uv sync --locked'),
        ("my env", "UV_PROJECT_ENVIRONMENT=\"$PWD\"/'my env' uv sync --locked"),
        ("/opt/env", "UV_PROJECT_ENVIRONMENT=/opt/env uv sync --locked"),
        ("../.venv", "uv sync --locked"),
    ],
)
def test_uv_workspace_member_installs_into_its_virtualenv(
    virtualenv: str, expected: str, tmp_path: Path
) -> None:
    runtime = {"name": "python", "options": {"toolchain": "uv", "virtualenv": virtualenv}}
    root = write_repository(tmp_path, runtime=runtime, inside="infra")
    (root / "pyproject.toml").touch()
    (tmp_path / "uv.lock").touch()
    assert installation(root).commands == (expected,)


@POSIX
def test_uv_workspace_member_has_its_virtualenv_after_the_steps(tmp_path: Path) -> None:
    runtime = {"name": "python", "options": {"toolchain": "uv", "virtualenv": ".venv"}}
    root = write_repository(tmp_path, runtime=runtime, inside="infra")
    (tmp_path / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["infra"]\n')
    (root / "pyproject.toml").write_text(
        '[project]\nname = "infra"\nversion = "0"\n[tool.uv]\npackage = false\n'
    )
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "UV_PYTHON": sys.executable}
    subprocess.run([UV, "lock", "--offline", "--quiet"], cwd=root, env=environ, check=True)
    [command] = installation(root).commands
    command = command.replace("uv sync", f"{UV} sync --offline --quiet")
    subprocess.run(["sh", "-c", command], cwd=root, env=environ, check=True)
    assert (root / installation(root).bin / "python").exists()


def test_poetry_installs_what_runs(tmp_path: Path) -> None:
    found = installation(write_repository(tmp_path, toolchain="poetry"))
    assert (found.bin, found.here) == (".venv/bin/", "poetry run ")
    assert found.commands == ("poetry install --no-interaction --only main",)


@pytest.mark.parametrize(
    ("runtime", "problem"),
    [
        ({"name": "python"}, "names no virtual environment: set runtime.options.virtualenv to .venv"),
        ({"name": "python", "options": {"toolchain": "conda"}}, "does not support the toolchain conda: set "),
        ("nodejs", "the runtime of .* is nodejs, not python: change "),
    ],
    ids=["no-virtualenv", "unknown", "other-language"],
)
def test_unusable_runtime_is_reported_with_the_remedy(runtime: object, problem: str, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=problem):
        installation(write_repository(tmp_path, runtime=runtime))
