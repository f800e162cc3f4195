"""How a pipeline installs a project's packages, by its toolchain."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.pipeline.options import PipelineError
from rootfi_pulumi.cli.pipeline.toolchain import Installation, find_installation
from rootfi_pulumi.project.project import Project
from tests.support.distribution.own_repository import write_repository


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
