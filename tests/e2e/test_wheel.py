"""The wheel in an empty virtual environment, with its extras and without."""

import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from rootfi_pulumi.emulator import Emulator
from tests.support.distribution.installation import build_wheel, command, install
from tests.support.patience import PATIENCE
from tests.support.processes import read_line, started
from tests.support.pulumi_project import REPOSITORY, Project
from tests.support.session_folder import made_once

pytestmark = pytest.mark.package

PROGRAM = """
import pulumi
from rootfi_pulumi import FromEnv, IntegrationType, RootFiIntegration

xero = RootFiIntegration(
    "xero", integration_type=IntegrationType.XERO, client_id="app", client_secret=FromEnv("XERO_CLIENT_SECRET")
)
pulumi.export("xero", xero.rootfi_id)
"""
Install = Callable[[str], Path]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    [built] = made_once(tmp_path_factory, "wheel", build_wheel).glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Install:
    """The environment with certain extras; each is made once."""

    def environment(extras: str) -> Path:
        def fill(folder: Path) -> None:
            install(wheel, extras, folder / "venv")

        return made_once(tmp_path_factory, f"environment-{extras or 'bare'}", fill) / "venv"

    return environment


@pytest.mark.parametrize("extras", ["", "cli,emulator"])
def test_a_foreign_program_deploys_with_it(
    extras: str, installed: Install, project: Project, emulator: Emulator, api_key: str
) -> None:
    project.write(PROGRAM)
    settings = project.folder / "Pulumi.yaml"
    text = settings.read_text().replace(sys.prefix, str(installed(extras)))
    settings.write_text(text.replace("name: rootfi", "name: someones"))
    del project.environ["PYTHONPATH"]
    project.pulumi("stack", "init", "foreign")
    project.pulumi("config", "set", "rootfi:baseUrl", emulator.url)
    project.up()
    assert project.output("xero") == 1234
    assert [made.client_id for made in emulator.integrations(api_key)] == ["app"]


def test_a_foreign_program_is_checked_against_its_types(installed: Install, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.replace('client_id="app"', "client_id=1"))
    python = str(installed("") / "bin" / "python")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, str(program)]
    told = subprocess.run(mypy, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert '"client_id" to "RootFiIntegration" has incompatible type "int"' in told
    assert told.count("error:") == 1


def test_it_has_the_package_its_types_and_its_licence_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"rootfi_pulumi"}
    assert "rootfi_pulumi/py.typed" in names
    assert [name.rpartition("/")[2] for name in names if "/licenses/" in name] == ["LICENSE"]


def test_the_source_distribution_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    [packed] = tmp_path.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path, filter="data")
    unpacked = tmp_path / packed.name.removesuffix(".tar.gz")
    assert {"LICENSE", "CHANGELOG.md", "README.md"} <= {path.name for path in unpacked.iterdir()}
    again = build_wheel(tmp_path / "again", unpacked)
    assert sorted(zipfile.ZipFile(again).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


def test_the_command_prints_the_version_of_the_wheel(installed: Install) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    done = command(installed("cli,emulator")).in_pipe("--version")
    assert (done.returncode, done.stdout) == (0, f"rootfi-pulumi {project['version']}\n")


def test_the_schema_is_the_one_in_the_repository(installed: Install) -> None:
    done = command(installed("cli,emulator")).in_pipe("schema")
    assert (done.returncode, done.stdout) == (0, (REPOSITORY / "stacks" / "schema.json").read_text())


@pytest.mark.parametrize("extras", ["cli", "cli,emulator"])
def test_check_passes_the_repositorys_stacks(extras: str, installed: Install) -> None:
    stacks = map(str, (REPOSITORY / "stacks").glob("Pulumi.*.yaml"))
    done = command(installed(extras)).in_pipe("check", *stacks)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_check_finds_a_mistake_in_a_pipe_and_on_a_terminal(installed: Install, tmp_path: Path) -> None:
    stack = tmp_path / "Pulumi.dev.yaml"
    stack.write_text("config: {rootfi:apiKey: hunter2, rootfi:integrations: {}}")
    piped = command(installed("cli,emulator")).in_pipe("check", str(stack))
    shown = command(installed("cli,emulator")).on_terminal("check", str(stack))
    assert (piped.returncode, piped.stdout.startswith(f"{stack}:1: rootfi:apiKey: is in plain")) == (1, True)
    # A terminal wraps after the file's path if that is long.
    words = " ".join(shown.text.split())
    assert (shown.code, words.startswith(f"\x1b[1;31m{stack}:1:\x1b[0m rootfi:apiKey: is in")) == (1, True)


def test_help_is_bold_on_a_terminal_and_plain_in_a_pipe(installed: Install) -> None:
    piped = command(installed("cli,emulator")).in_pipe("--help")
    shown = command(installed("cli,emulator")).on_terminal("--help")
    assert ("\x1b" in piped.stdout, "\x1b[1mUsage:" in shown.text) == (False, True)


def test_bash_completes_commands_once_completion_is_installed(installed: Install, tmp_path: Path) -> None:
    folder = installed("cli,emulator") / "bin"
    script = f"""
        PATH={folder}:$PATH
        rootfi-pulumi --install-completion
        . ~/.bashrc
        COMP_WORDS=(rootfi-pulumi sch) COMP_CWORD=1
        _rootfi_pulumi_completion rootfi-pulumi
        echo "completed: ${{COMPREPLY[@]}}"
    """
    bash = ["bash", "--norc", "-c", script]
    done = subprocess.run(
        bash, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "completed: schema"


@pytest.mark.parametrize(
    ("extras", "start"),
    [
        ("cli,emulator", ["rootfi-pulumi", "emulator"]),
        ("emulator", ["python", "-m", "rootfi_pulumi.emulator"]),
    ],
    ids=["by the command", "alone, as a module"],
)
def test_the_emulator_runs_until_it_is_interrupted(
    extras: str, start: list[str], installed: Install, tmp_path: Path
) -> None:
    program, *args = start
    words = [str(installed(extras) / "bin" / program), *args]
    with started(words, cwd=tmp_path) as process:
        lines = [read_line(process) for _ in range(4)]
        process.terminate()
        rest = process.communicate()
    assert [line.split()[0] for line in lines] == ["RootFi", "api", "export", "export"]
    assert (process.returncode, rest) == (0, ("", f"Open in a browser: {lines[0].split()[-1]}/\n"))


def test_the_emulator_of_the_wheel_has_its_page(installed: Install) -> None:
    words = [*command(installed("cli,emulator")).words, "emulator", "--json"]
    with started(words) as process:
        url = json.loads(read_line(process))["url"]
        page = requests.get(url, headers={"Accept": "text/html"}, timeout=PATIENCE).text
        parts = re.findall(r'(?:src|href)="(/[^"]+)"', page)
        found = [requests.get(url + part, timeout=PATIENCE).status_code for part in parts]
        process.terminate()
    assert found == [200] * 5


@pytest.mark.parametrize(
    ("extras", "args", "missing", "extra"),
    [("", ["check", "x"], "typer", "cli"), ("cli", ["emulator"], "fastapi", "emulator")],
    ids=["cli", "emulator"],
)
def test_command_without_its_extra_names_what_to_install(
    extras: str, args: list[str], missing: str, extra: str, installed: Install
) -> None:
    done = command(installed(extras)).in_pipe(*args)
    assert (done.returncode, done.stdout) == (1, "")
    [why, how] = done.stderr.splitlines()
    assert why.endswith(f"{missing} is not installed: run")
    assert how == f"python -m pip install 'rootfi-pulumi[{extra}]'"
