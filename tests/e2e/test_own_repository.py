"""A repository from `rootfi-pulumi init`: its README from top to bottom, and a colleague's clone of it.

The package is installed as its users do, from a wheel or from git, and says itself where it came from.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.distribution import wheelhouse
from tests.support.distribution.clone import clone
from tests.support.distribution.installation import UV, install
from tests.support.distribution.package_index import package_index
from tests.support.documents.blocks import read
from tests.support.documents.script import script, substituted
from tests.support.patience import PATIENCE
from tests.support.ports import reserved_port
from tests.support.pulumi_project import REPOSITORY
from tests.support.session_folder import made_once

pytestmark = pytest.mark.package

AUTHOR = ("Try it on an emulator", "Deploy to RootFi")
PRE_COMMIT = Path(sys.executable).with_name("pre-commit")
POETRY_SOURCE = '\n[[tool.poetry.source]]\nname = "company"\nurl = "{url}"\n'


@dataclass
class Person:
    """A person with a shell, an environment and a folder."""

    folder: Path
    environ: dict[str, str]

    def run(self, *command: str, code: int = 0) -> str:
        """Run a command in the folder; return what it prints."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=10 * PATIENCE,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def follow_readme(self, variables: dict[str, str], *headings: str) -> str:
        """Run the blocks of README.md under these headings, in one shell."""
        lines = (self.folder / "README.md").read_text().splitlines()
        blocks = []
        for block in read(self.folder / "README.md", self.folder):
            heading = next(line for line in reversed(lines[: block.line]) if line.startswith("## "))
            if heading.removeprefix("## ") in headings:
                blocks.append(substituted(block, variables))
        return self.run("bash", "-c", script(blocks))


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "wheelhouse", wheelhouse.fill)


@pytest.fixture(scope="session")
def poetry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a poetry that is not among the packages of the tests."""

    def fill(folder: Path) -> None:
        subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder / "venv"], check=True)
        python = folder / "venv" / "bin" / "python"
        done = subprocess.run(
            [UV, "pip", "install", "--quiet", "--python", python, "poetry>=2,<3"], check=False
        )
        (folder / "bin").mkdir()
        if done.returncode == 0:
            (folder / "bin" / "poetry").symlink_to(folder / "venv" / "bin" / "poetry")

    folder = made_once(tmp_path_factory, "poetry", fill) / "bin"
    if not (folder / "poetry").exists():
        pytest.skip("no package index here has poetry")
    return folder


@pytest.fixture
def variables(emulator: Emulator, api_key: str) -> Iterator[dict[str, str]]:
    with reserved_port() as port:
        yield {"EMULATOR": emulator.url, "FREE_PORT": str(port), "API_KEY": api_key}


@pytest.fixture
def author(tmp_path: Path, environ: dict[str, str], wheels: Path) -> Person:
    """A person in an empty folder, without uv or poetry, whose pip and uv find the wheel."""
    home = tmp_path / "home"
    home.mkdir()
    cache = subprocess.run([UV, "cache", "dir"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    # The README chooses the backend.
    del environ["PYTHONPATH"], environ["PULUMI_BACKEND_URL"]
    identity = {f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    (tmp_path / "work").mkdir()
    return Person(
        tmp_path / "work",
        environ
        | identity
        | {
            "PATH": os.pathsep.join(
                each
                for each in environ["PATH"].split(os.pathsep)
                if each != str(Path(sys.executable).parent) and not Path(each, "uv").exists()
            ),
            "HOME": str(home),
            "UV_CACHE_DIR": cache,
            "UV_PYTHON": sys.executable,
            "PIP_FIND_LINKS": str(wheels),
            "UV_FIND_LINKS": str(wheels),
            "PULUMI_HOME": str(tmp_path / "pulumi-home"),
            "PULUMI_SKIP_CONFIRMATIONS": "true",
        },
    )


def give(person: Person, *commands: Path) -> None:
    """Put commands on a person's PATH."""
    tools = person.folder.parent / "tools"
    tools.mkdir()
    for command in commands:
        (tools / command.name).symlink_to(command)
    person.environ["PATH"] = f"{tools}{os.pathsep}{person.environ['PATH']}"


def published(folder: Path) -> str:
    """Make a repository of the work tree; return its address and commit, as pip and uv take them."""
    clone(folder, "https://api.rootfi.dev")
    git = Person(folder, os.environ | {"GIT_CONFIG_GLOBAL": os.devnull})
    git.run("git", "init", "--quiet")
    git.run("git", "add", ".")
    git.run("git", "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "--message", "all")
    return f"git+{folder.as_uri()}@{git.run('git', 'rev-parse', 'HEAD').strip()}"


def check_repository(person: Person, toolchain: str, requirement: str) -> None:
    """Check what the README has made: files, pipeline, and that everything is committed."""
    lists = "requirements.txt" if toolchain == "pip" else "pyproject.toml"
    assert requirement in (person.folder / lists).read_text()
    person.run(".venv/bin/rootfi-pulumi", "pipeline", "github", "--check")
    assert person.run("git", "status", "--porcelain") == ""
    committed = person.run("git", "ls-files").split()
    assert ("uv.lock" in committed, "poetry.lock" in committed) == (toolchain == "uv", toolchain == "poetry")


def check_colleague(author: Person, variables: dict[str, str]) -> None:
    """Clone the repository, follow the README, change a stack and add one; nothing else may be rewritten."""
    folder = author.folder.parent / "colleague"
    author.run("git", "clone", "--quiet", str(author.folder), str(folder))
    colleague = Person(folder, author.environ | {"ROOTFI_BASE_URL": variables["EMULATOR"]})
    colleague.follow_readme(variables, "Work on a clone")
    assert colleague.run("git", "status", "--porcelain") == ""
    colleague.environ |= {
        "PATH": f"{folder}/.venv/bin{os.pathsep}{author.environ['PATH']}",
        "EDITOR": "sed -i s/dev-xero-app/changed-app/",
        **dict.fromkeys(("PULUMI_CONFIG_PASSPHRASE", "XERO_CLIENT_SECRET"), "…"),
    }
    colleague.run("pulumi", "preview", "--expect-no-changes", "--refresh")
    # As the README says: without the salt and the key of another stack, and with its own ids.
    declared = (REPOSITORY / "template" / "stacks" / "Pulumi.dev.yaml").read_text()
    (folder / "stacks" / "Pulumi.prod.yaml").write_text(declared.replace("dev-xero-app", "prod-xero-app"))
    colleague.follow_readme(variables, "Make a change")
    assert "changed-app" in author.run("git", "show", "my-change:stacks/Pulumi.dev.yaml")
    colleague.run("rootfi-pulumi", "pipeline", "github", "--check")
    assert "deploy-prod:" in (folder / ".github" / "workflows" / "rootfi.yml").read_text()


def test_repository_with_pip_and_a_wheel_runs_for_two(
    author: Person, variables: dict[str, str], wheels: Path, emulator: Emulator, api_key: str
) -> None:
    give(author, PRE_COMMIT)
    [wheel] = wheels.glob("rootfi_pulumi-*.whl")
    environment = install(wheel, "cli", author.folder / "tool")
    printed = author.run(str(environment / "bin" / "rootfi-pulumi"), "init", "app", "--backend", "")
    version = wheel.name.split("-")[1]
    assert f"{wheel.as_uri()} was installed, so an index must have rootfi-pulumi=={version}" in printed
    assert printed.splitlines()[-1] == "  --package 'rootfi-pulumi[cli,emulator]==1.2.3'"
    author.folder /= "app"
    author.follow_readme(variables, *AUTHOR)
    check_repository(author, "pip", f"\nrootfi-pulumi[cli,emulator]=={version}\n")
    assert [made.client_id for made in emulator.integrations(api_key)] == ["dev-xero-app"]
    check_colleague(author, variables)


def test_repository_with_uv_and_git_runs_for_two(
    author: Person, variables: dict[str, str], tmp_path: Path, emulator: Emulator, api_key: str
) -> None:
    give(author, UV, PRE_COMMIT)
    team = tmp_path / "team"
    team.mkdir()
    address = published(tmp_path / "published")
    requirement = f"rootfi-pulumi[cli,emulator] @ {address}"
    author.run("uv", "tool", "install", "--quiet", requirement)
    author.run(
        "sh",
        "-c",
        'PATH="$HOME/.local/bin:$PATH" exec rootfi-pulumi init app "$@"',
        "init",
        f"--backend={team.as_uri()}",
    )
    author.folder /= "app"
    author.follow_readme(variables, "Try it on an emulator")
    assert list(team.iterdir()) == []
    author.follow_readme(variables, *AUTHOR)
    check_repository(author, "uv", f'"{requirement}"')
    assert [made.client_id for made in emulator.integrations(api_key)] == ["dev-xero-app"]
    check_colleague(author, variables)


def test_repository_with_poetry_and_an_index_runs_for_two(  # noqa: PLR0913, PLR0917 (fixtures)
    author: Person, wheels: Path, poetry: Path, tmp_path: Path, emulator: Emulator, api_key: str
) -> None:
    """Not the whole README: each command of Pulumi starts poetry several times, for a second each."""
    give(author, poetry / "poetry")
    environment = install(next(wheels.glob("rootfi_pulumi-*.whl")), "cli", author.folder / "tool")
    author.run(str(environment / "bin" / "rootfi-pulumi"), "init", "app", "--toolchain", "poetry")
    author.folder /= "app"
    author.environ |= {
        "PULUMI_BACKEND_URL": (tmp_path / "home").as_uri(),
        "ROOTFI_BASE_URL": emulator.url,
        "ROOTFI_API_KEY": api_key,
        "XERO_CLIENT_SECRET": "xero-secret",
    }
    pages = tmp_path / "index"
    pages.mkdir()
    with package_index(wheels, pages) as url:
        with (author.folder / "pyproject.toml").open("a") as file:
            file.write(POETRY_SOURCE.format(url=url))
        author.run("pulumi", "install")
        author.run("pulumi", "stack", "init", "dev")
        author.run("pulumi", "up", "--skip-preview")
        assert [made.client_id for made in emulator.integrations(api_key)] == ["dev-xero-app"]
        author.run(".venv/bin/rootfi-pulumi", "pipeline", "github", "--write")
        author.run("bash", "-c", "git init && git add . && git commit --message all")
        check_repository(author, "poetry", '"rootfi-pulumi[cli,emulator]==')
        colleague = Person(tmp_path / "colleague", author.environ)
        author.run("git", "clone", "--quiet", str(author.folder), str(colleague.folder))
        colleague.run("pulumi", "install")
    colleague.run("pulumi", "preview", "--stack", "dev", "--expect-no-changes")
    assert colleague.run("git", "status", "--porcelain") == ""


def test_colleague_without_uv_reads_what_to_install(author: Person) -> None:
    command = [sys.executable, "-m", "rootfi_pulumi.cli", "init", "app", "--toolchain", "uv"]
    package = "--package=rootfi-pulumi[cli,emulator]==1"
    printed = author.run("env", f"PYTHONPATH={REPOSITORY}", *command, package)
    assert "PATH has no uv: install it, as README.md says" in printed
    author.folder /= "app"
    assert "docs.astral.sh/uv" in (author.folder / "README.md").read_text()
    failed = author.run("pulumi", "install", code=1)
    assert "Could not find `uv` executable" in failed
    assert "Install uv" in failed


def test_requirements_can_be_pinned_by_hash(author: Person, wheels: Path) -> None:
    """Follow the comment in requirements.txt, then install with pip alone."""
    init = [sys.executable, "-m", "rootfi_pulumi.cli", "init", "--toolchain", "pip"]
    version = next(wheels.glob("rootfi_pulumi-*.whl")).name.split("-")[1]
    author.run("env", f"PYTHONPATH={REPOSITORY}", *init, f"--package=rootfi-pulumi[cli,emulator]=={version}")
    author.run("mv", "requirements.txt", "requirements.in")
    [line] = [
        line for line in (author.folder / "requirements.in").read_text().splitlines() if "pip compile" in line
    ]
    author.run(str(UV), *shlex.split(line.removeprefix("#"))[1:], "--no-index")
    author.run(sys.executable, "-m", "venv", ".venv")
    author.run(
        ".venv/bin/pip", "install", "--quiet", "--no-index", "--require-hashes", "-r", "requirements.txt"
    )
    author.run(".venv/bin/rootfi-pulumi", "check", "stacks/Pulumi.dev.yaml")
