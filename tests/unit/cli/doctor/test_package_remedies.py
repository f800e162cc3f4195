from pathlib import Path

import pytest

from rootfi_pulumi.cli.doctor import package_remedies
from rootfi_pulumi.cli.doctor.interpreters import Interpreter, Runtime, Toolchain
from rootfi_pulumi.project.project import Project

PYTHON = Interpreter("/v/bin/python", Path("/v"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    monkeypatch.chdir(tmp_path)
    return Project.find(tmp_path)


def runtime(project: Project, toolchain: Toolchain, folder: str = ".", virtualenv: str = "") -> Runtime:
    return Runtime(project.folder, project.folder / folder, toolchain, virtualenv)


@pytest.mark.parametrize(
    ("toolchain", "file", "command"),
    [
        (Toolchain.PIP, "requirements.txt", "/v/bin/python -m pip install 'pulumi>=3'"),
        (Toolchain.UV, "pyproject.toml", "uv add 'pulumi>=3'"),
        (Toolchain.UV, "requirements.txt", "uv pip install --python /v/bin/python 'pulumi>=3'"),
        (Toolchain.POETRY, "pyproject.toml", "poetry add 'pulumi>=3'"),
    ],
)
def test_package_that_no_file_names_is_added_by_the_toolchain(
    toolchain: Toolchain, file: str, command: str, project: Project
) -> None:
    (project.folder / file).write_text("# pulumi\npulumi-aws\n")
    found = package_remedies.install_requirement(
        project, runtime(project, toolchain), PYTHON, "pulumi>=3", named=["pulumi", "rootfi-pulumi"]
    )
    assert found[1] == command


@pytest.mark.parametrize(
    "line",
    ["Rootfi_Pulumi>=1", "rootfi-pulumi[cli]==0.1", "dist/rootfi_pulumi-0.1.0-py3-none-any.whl", "pulumi"],
)
@pytest.mark.parametrize(
    ("toolchain", "file"), [(Toolchain.PIP, "requirements.txt"), (Toolchain.UV, "pyproject.toml")]
)
def test_package_that_a_file_names_is_installed_by_pulumi(
    toolchain: Toolchain, file: str, line: str, project: Project
) -> None:
    (project.folder / file).write_text(f"{line}\n")
    found = package_remedies.install_requirement(
        project, runtime(project, toolchain), PYTHON, "x", named=["pulumi", "rootfi-pulumi"]
    )
    assert found == ("install the project's dependencies", "pulumi install")


def test_old_python_is_replaced_by_a_new_environment(project: Project, tmp_path: Path) -> None:
    newer = "put Python 3.11 or newer first on PATH"
    own = Interpreter("x", tmp_path / ".venv")
    assert package_remedies.replace_python(project, own) == (
        f"{newer}, and create the environment again",
        "rm -rf .venv && pulumi install",
    )
    assert package_remedies.replace_python(project, Interpreter("python3")) == (
        f"{newer}, or set runtime.options.virtualenv in Pulumi.yaml",
        "",
    )


def test_environment_elsewhere_is_not_removed(project: Project) -> None:
    assert package_remedies.replace_python(project, PYTHON) == (
        "create /v with Python 3.11 or newer, then run `pulumi install`",
        "",
    )


def test_command_of_another_folder_goes_there_first(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert package_remedies.install_project(project)[1] == f"cd {tmp_path} && pulumi install"


def test_one_environment_for_both_is_named_as_pulumi_reads_it(project: Project) -> None:
    shared = package_remedies.share_environment(runtime(project, Toolchain.PIP, virtualenv="venv"))[0]
    assert shared.endswith("set runtime.options.virtualenv in Pulumi.yaml to venv")
    below = package_remedies.share_environment(runtime(project, Toolchain.PIP, "program", "venv"))[0]
    assert below.endswith(f"to {project.folder / 'venv'}")
