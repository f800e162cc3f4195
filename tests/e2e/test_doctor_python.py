"""`rootfi-pulumi doctor` on the Python that Pulumi starts: pip, uv and poetry, each finding, remedy and `up`.

The environments are made without a network. Poetry is not one of this project's dependencies: a
script answers in its place.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from rootfi_pulumi.cli.doctor.versions import SDK_REQUIREMENT
from tests.support.command.doctor import complaints, cure, problem, problems
from tests.support.distribution import wheelhouse
from tests.support.pulumi_project import REPOSITORY, Project
from tests.support.session_folder import made_once

pytestmark = pytest.mark.case

OLD_SDK = "Metadata-Version: 2.1\nName: pulumi\nVersion: 3.100.0\n"
PYPROJECT = '[project]\nname = "deployment"\nversion = "1"\nrequires-python = "=={0}.*"\ndependencies = {1}\n'


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "wheelhouse", wheelhouse.fill)


@pytest.fixture
def packaged(deployed: Project, wheels: Path) -> Project:
    """The deployed project, whose Python finds the package only if it is installed."""
    del deployed.environ["PYTHONPATH"]
    deployed.environ |= wheelhouse.options(wheels)
    deployed.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{deployed.environ['PATH']}"
    without_environment(deployed)
    return deployed


def without_environment(project: Project) -> None:
    """Take the tests' own Python, which has everything, from PATH; `uv` stays."""
    tools = project.folder.parent / "tools"
    tools.mkdir()
    (tools / "uv").symlink_to(Path(sys.executable).parent / "uv")
    first, *others = project.environ["PATH"].split(os.pathsep)
    project.environ["PATH"] = os.pathsep.join([str(tools), *(each for each in others if each != first)])


def choose(project: Project, main: str = "", **options: str) -> None:
    """Set the runtime options in Pulumi.yaml, and `main`."""
    path = project.folder / "Pulumi.yaml"
    settings = yaml.safe_load(path.read_text())
    settings["runtime"]["options"] = options
    settings |= {"main": main} if main else {}
    path.write_text(yaml.safe_dump(settings))


def make_environment(folder: Path, *, linked: bool) -> Path:
    """Make an environment without pip; `linked`, it has what the tests' own one has, and so not the package."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    [packages] = folder.glob("lib/*/site-packages")
    if linked:
        [shared] = Path(sys.prefix).glob("lib/*/site-packages")
        (packages / "shared.pth").write_text(f"{shared}\n")
    return packages


def make_complete_environment(folder: Path) -> None:
    packages = make_environment(folder, linked=True)
    (packages / "package.pth").write_text(f"{REPOSITORY}\n")


def write_pyproject(project: Project, *dependencies: str) -> None:
    text = PYPROJECT.format(".".join(map(str, sys.version_info[:2])), json.dumps(dependencies))
    (project.folder / "pyproject.toml").write_text(text)


def message(found: dict[str, str]) -> str:
    return f"{found['subject']}: {found['message']}"


# pip.


def test_doctor_names_missing_package_of_pip(packaged: Project) -> None:
    choose(packaged, toolchain="pip", virtualenv="own")
    make_environment(packaged.folder / "own", linked=True)
    found = problem(packaged, "rootfi_pulumi")
    assert found["message"].endswith("ModuleNotFoundError: No module named 'rootfi_pulumi'")
    packaged.up(code=None)
    cure(packaged, found["command"])
    packaged.up()


def test_doctor_names_missing_sdk_of_pip(packaged: Project) -> None:
    choose(packaged, toolchain="pip", virtualenv="own")
    subprocess.run([sys.executable, "-m", "venv", packaged.folder / "own"], check=True)
    found = problem(packaged, "Pulumi SDK")
    assert found["message"] == f"is not installed for {packaged.folder}/own/bin/python"
    cure(packaged, found["command"], code=1)
    cure(packaged, problem(packaged, "rootfi_pulumi")["command"])
    packaged.up()


def test_doctor_names_old_sdk(packaged: Project) -> None:
    choose(packaged, toolchain="pip", virtualenv="own")
    packages = make_environment(packaged.folder / "own", linked=True)
    (packages / "pulumi-3.100.0.dist-info").mkdir()
    (packages / "pulumi-3.100.0.dist-info" / "METADATA").write_text(OLD_SDK)
    (packages / "pulumi-3.100.0.dist-info" / "RECORD").write_text("")
    (packages / "package.pth").write_text(f"{REPOSITORY}\n")
    found = problem(packaged, "Pulumi SDK")
    assert found["message"].startswith("is 3.100.0 for ")
    cure(packaged, found["command"])


def test_doctor_lets_pulumi_make_environment(deployed: Project) -> None:
    """The only one that needs a package index: `pulumi install` asks it for the newest pip."""
    choose(deployed, toolchain="pip", virtualenv="own")
    shutil.copy(REPOSITORY / "requirements.txt", deployed.folder)
    found = problem(deployed, "Python")
    assert message(found) == f"Python: {deployed.folder}/own/bin/python does not exist"
    cure(deployed, found["command"])
    deployed.up()


def test_doctor_asks_python_on_path(packaged: Project) -> None:
    choose(packaged, toolchain="pip")
    found = problem(packaged, "Pulumi SDK")
    python = shutil.which("python3", path=packaged.environ["PATH"])
    assert found["command"] == f"{python} -m pip install '{SDK_REQUIREMENT}'"
    make_complete_environment(packaged.folder / "own")
    activated = f"{packaged.folder}/own/bin{os.pathsep}{packaged.environ['PATH']}"
    assert not complaints(packaged, PATH=activated)
    packaged.up(PATH=activated)


# uv.


def test_doctor_lets_pulumi_synchronise_uv(packaged: Project) -> None:
    choose(packaged, toolchain="uv")
    write_pyproject(packaged, "rootfi-pulumi")
    found = problem(packaged, "Python")
    assert message(found) == f"Python: {packaged.folder}/.venv/bin/python does not exist"
    assert "rootfi_pulumi: 0.1.0, for " in cure(packaged, found["command"])
    packaged.up()


def test_doctor_adds_missing_package_to_uv(packaged: Project) -> None:
    choose(packaged, toolchain="uv")
    write_pyproject(packaged, SDK_REQUIREMENT)
    packaged.pulumi("install")
    found = problem(packaged, "rootfi_pulumi")
    assert found["command"] == "uv add rootfi-pulumi"
    packaged.up(code=None)
    cure(packaged, found["command"])
    packaged.up()


def test_doctor_adds_missing_sdk_without_pyproject(packaged: Project) -> None:
    choose(packaged, toolchain="uv")
    make_environment(packaged.folder / ".venv", linked=False)
    found = problem(packaged, "Pulumi SDK")
    assert found["command"].startswith("uv pip install --python ")
    cure(packaged, found["command"], code=1)
    cure(packaged, problem(packaged, "rootfi_pulumi")["command"])
    packaged.up()


def test_doctor_finds_uv_missing(packaged: Project) -> None:
    choose(packaged, toolchain="uv", virtualenv="own")
    make_complete_environment(packaged.folder / "own")
    _, _, without = packaged.environ["PATH"].partition(os.pathsep)
    found = problem(packaged, "Python", PATH=without)
    assert found["message"] == "the toolchain is uv, but `uv` is not on PATH"
    assert found["command"].endswith("https://astral.sh/uv/install.sh | sh")
    packaged.up(code=None, PATH=without)
    assert not complaints(packaged)
    packaged.up()


def test_doctor_finds_provider_elsewhere(packaged: Project) -> None:
    """The language host finds uv by its lock; what starts the provider knows Pulumi.yaml alone."""
    choose(packaged)
    write_pyproject(packaged, "rootfi-pulumi")
    subprocess.run(["uv", "sync"], cwd=packaged.folder, env=packaged.environ, check=True)
    found = problem(packaged, "Pulumi SDK")
    assert found["message"].startswith("is not installed for /")
    assert found["message"].endswith(" (the provider's)")
    assert found["remedy"].endswith("set runtime.options.virtualenv in Pulumi.yaml to .venv")
    packaged.up(code=None)
    choose(packaged, virtualenv=".venv")
    assert not complaints(packaged)
    packaged.up()


def test_doctor_finds_provider_of_main_elsewhere(packaged: Project) -> None:
    (packaged.folder / "program").mkdir()
    (packaged.folder / "__main__.py").rename(packaged.folder / "program" / "__main__.py")
    choose(packaged, main="program", toolchain="pip", virtualenv="own")
    make_complete_environment(packaged.folder / "own")
    found = problem(packaged, "Python")
    assert found["message"] == f"{packaged.folder}/program/own/bin/python (the provider's) does not exist"
    assert found["remedy"].endswith(f"virtualenv in Pulumi.yaml to {packaged.folder}/own")
    packaged.up(code=None)
    choose(packaged, main="program", toolchain="pip", virtualenv=f"{packaged.folder}/own")
    assert not complaints(packaged)
    packaged.up()


# Poetry, played by a script.


def put_poetry(project: Project, environment: Path | None) -> None:
    told = f"echo {environment}" if environment else "exit 1"
    path = Path(project.environ["PATH"].partition(os.pathsep)[0]) / "poetry"
    path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "Poetry (version 2.1.0)" && exit\n{told}\n')
    path.chmod(0o755)


def test_doctor_asks_poetry(packaged: Project) -> None:
    choose(packaged, toolchain="poetry")
    found = problem(packaged, "Python")
    assert found["message"] == "the toolchain is poetry, but `poetry` is not on PATH"
    put_poetry(packaged, None)
    found = problem(packaged, "Python")
    assert message(found) == f"Python: poetry has no environment for {packaged.folder}"
    assert found["command"] == "pulumi install"
    put_poetry(packaged, packaged.folder / "own")
    make_environment(packaged.folder / "own", linked=True)
    assert problem(packaged, "rootfi_pulumi")["command"] == "poetry add rootfi-pulumi"
    make_complete_environment(packaged.folder / "own")
    assert not complaints(packaged)
    packaged.up()


# What is no Python that Pulumi starts.

UNUSABLE: dict[str, tuple[dict[str, Any], str]] = {
    "runtime": ({"runtime": "nodejs"}, "is nodejs, not python"),
    "toolchain": ({"runtime": {"name": "python", "options": {"toolchain": "conda"}}}, "toolchain conda"),
    "virtualenv": (
        {"runtime": {"name": "python", "options": {"virtualenv": 3}}},
        "virtualenv is not a string",
    ),
    "main": ({"main": "nowhere"}, "/nowhere"),
}


@pytest.mark.parametrize(("settings", "why"), UNUSABLE.values(), ids=UNUSABLE)
def test_doctor_refuses_unusable_runtime(deployed: Project, settings: dict[str, Any], why: str) -> None:
    path = deployed.folder / "Pulumi.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | settings))
    found = [each for each in problems(deployed) if each["subject"] == "Python"]
    assert [why in each["message"] for each in found] == [True]


def test_doctor_finds_python_that_does_not_start(deployed: Project) -> None:
    choose(deployed, toolchain="pip", virtualenv="own")
    make_complete_environment(deployed.folder / "own")
    python = deployed.folder / "own" / "bin" / "python"
    python.unlink()
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    assert problem(deployed, "Python")["message"] == f"{python} does not start"
