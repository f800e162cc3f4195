"""`python -m tools.release check` in a clone, which `make release-check` and the workflow `release` run."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.distribution.clone import ROOTFI, clone
from tests.support.distribution.git import git
from tests.support.pulumi_project import REPOSITORY
from tools.release.metadata import declared_version
from tools.release.sbom import components, locked_packages

pytestmark = pytest.mark.package

VERSION = declared_version((REPOSITORY / "pyproject.toml").read_text())
NOTE = "- What is new."
CHANGELOG = f"# Changelog\n\n## Unreleased\n\n## {VERSION} - 2026-12-24\n\n### Added\n\n{NOTE}\n"
# Packs a file that differs in each build.
BUILD_HOOK = """
import os
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

class Hook(BuildHookInterface):
    def initialize(self, version, build_data):
        with open(os.path.join(self.root, "rootfi_pulumi", "built"), "wb") as file:
            file.write(os.urandom(8))
"""
Edit = Callable[[Path], None]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A clone in which the version has its section in the changelog; nothing is committed yet."""
    folder = tmp_path / "repository"
    clone(folder, ROOTFI)
    (folder / "CHANGELOG.md").write_text(CHANGELOG)
    git(folder, "init", "--quiet")
    return folder


def commit(folder: Path, tag: str = f"v{VERSION}") -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--message", "Release")
    git(folder, "tag", tag)


def check(folder: Path, release: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.release", "check"]
    environ = os.environ | {"RELEASE": release}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def replace(name: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1))

    return edit


def write(name: str, text: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)

    return edit


def test_release_check_leaves_what_is_published(repository: Path) -> None:
    commit(repository)
    done = check(repository, f"v{VERSION}")
    assert done.returncode == 0, done.stderr
    dist = repository / "dist"
    stem = f"rootfi_pulumi-{VERSION}"
    published = {
        f"packages/{stem}-py3-none-any.whl",
        f"packages/{stem}.tar.gz",
        "notes.md",
        f"rootfi-pulumi-{VERSION}.cdx.json",
    }
    assert {str(path.relative_to(dist)) for path in dist.rglob("*") if path.is_file()} == published
    assert set(done.stdout.splitlines()) == {str(dist / name) for name in published}
    assert (dist / "notes.md").read_text() == f"### Added\n\n{NOTE}\n"
    document = json.loads((dist / f"rootfi-pulumi-{VERSION}.cdx.json").read_text())
    assert components(document) == locked_packages((REPOSITORY / "requirements.txt").read_text())
    names = zipfile.ZipFile(dist / "packages" / f"{stem}-py3-none-any.whl").namelist()
    assert {"rootfi_pulumi/py.typed", "rootfi_pulumi/emulator/browser/index.html"} <= set(names)
    with tarfile.open(dist / "packages" / f"{stem}.tar.gz") as archive:
        assert f"{stem}/tests/e2e/test_release_check.py" in archive.getnames()


@pytest.mark.parametrize(
    ("edit", "release", "said"),
    [
        (replace("CHANGELOG.md", f"## {VERSION} -", "## 9.9.9 -"), "", f"has no section for {VERSION}: add"),
        (replace("CHANGELOG.md", NOTE, ""), "", "lists no changes"),
        (
            replace("pyproject.toml", f'version = "{VERSION}"', 'version = "9.9.9"'),
            "",
            f"HEAD has the tag v{VERSION}",
        ),
        (
            write("template/requirements.txt", "rootfi-pulumi[cli]==9.9.9\n"),
            "",
            "`rootfi-pulumi[cli]==9.9.9`: pin",
        ),
        (write("unused.txt", ""), "v9.9.9", "the release is v9.9.9: set the version"),
    ],
    ids=["no section", "no changes", "other tag", "other template", "other release"],
)
def test_release_check_refuses_another_version(edit: Edit, release: str, said: str, repository: Path) -> None:
    edit(repository)
    commit(repository)
    done = check(repository, release)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert not (repository / "dist").exists()


def test_release_check_refuses_uncommitted_changes(repository: Path) -> None:
    commit(repository)
    (repository / "README.md").write_text("changed")
    done = check(repository)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the work tree differs from HEAD" in done.stderr


def test_release_check_refuses_a_build_that_differs(repository: Path) -> None:
    write("hatch_build.py", BUILD_HOOK)(repository)
    replace("pyproject.toml", "[tool.pulumi]", "[tool.hatch.build.hooks.custom]\n\n[tool.pulumi]")(repository)
    commit(repository)
    done = check(repository)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"two builds of one commit differ in rootfi_pulumi-{VERSION}-py3-none-any.whl" in done.stderr


def test_release_check_refuses_a_wheel_without_a_file(repository: Path) -> None:
    exclude = '[tool.hatch.build]\nexclude = ["py.typed"]\n\n[tool.pulumi]'
    replace("pyproject.toml", "[tool.pulumi]", exclude)(repository)
    commit(repository)
    done = check(repository)
    assert (done.returncode, done.stdout) == (1, "")
    assert "rootfi_pulumi/py.typed is missing" in done.stderr


def test_release_check_refuses_another_printed_version(repository: Path) -> None:
    replace("rootfi_pulumi/cli/app.py", "{version(_NAME)}", "9.9.9")(repository)
    commit(repository)
    done = check(repository)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"the command prints 'rootfi-pulumi 9.9.9', not version {VERSION}" in done.stderr
