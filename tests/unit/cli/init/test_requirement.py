"""The requirement by which a new repository gets the package that is running."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.cli.init import requirement
from rootfi_pulumi.cli.init.requirement import Requirement

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PACKAGE = "rootfi-pulumi[cli,emulator]"


def git(folder: Path, *args: str) -> str:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    command = ["git", "-C", str(folder), *identity, *args]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository without a remote, with a version and a commit."""
    folder = tmp_path / "clone"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nversion = "1.2"\n')
    git(folder, "init", "--initial-branch", "main")
    git(folder, "add", ".")
    git(folder, "commit", "--message", "all")
    return folder


def pushed(clone: Path, url: str) -> str:
    """Give the clone a remote that has its commit; return the commit."""
    git(clone, "remote", "add", "origin", url)
    git(clone, "update-ref", "refs/remotes/origin/main", "HEAD")
    return git(clone, "rev-parse", "HEAD")


@pytest.mark.parametrize(
    ("origin", "text", "note"),
    [
        ({}, "==1.2", ""),
        ({"url": "https://host/a.whl", "archive_info": {}}, "==1.2", "https://host/a.whl was installed"),
        (
            {"url": "https://host/x.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f" @ git+https://host/x.git@{COMMIT}",
            "",
        ),
        (
            {"url": "file:///x", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f" @ git+file:///x@{COMMIT}",
            "only this machine",
        ),
    ],
    ids=["index", "wheel", "git", "git on this machine"],
)
def test_requirement_is_where_the_package_came_from(origin: dict[str, Any], text: str, note: str) -> None:
    found = requirement.from_origin(origin, "1.2")
    assert found.text == PACKAGE + text
    assert note in found.note
    assert bool(note) == bool(found.note)


def test_credentials_of_the_installed_address_are_left_out() -> None:
    origin = {"url": "https://user:hunter2@host/x.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
    assert requirement.from_origin(origin, "1.2").text == f"{PACKAGE} @ git+https://host/x.git@{COMMIT}"


@pytest.mark.parametrize("url", ["https://user:hunter2@host/x.whl", "https://host/x.whl?sig=hunter2"])
def test_warning_shows_no_credential_of_the_address(url: str) -> None:
    note = requirement.from_origin({"url": url, "archive_info": {}}, "1.2").note
    assert note.startswith("https://host/x.whl was installed")


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("https://host/team/x.git", "https://host/team/x.git"),
        ("https://user:token@host/x.git", "https://host/x.git"),
        ("https://host/x.git?private_token=token", "https://host/x.git"),
        ("ssh://git:token@host/x.git", "ssh://git@host/x.git"),
        ("git@host:team/x.git", "ssh://git@host/team/x.git"),
        ("ssh://git@host:22/x.git", "ssh://git@host:22/x.git"),
    ],
)
def test_requirement_of_a_clone_is_its_remote(remote: str, url: str, clone: Path) -> None:
    commit = pushed(clone, remote)
    assert requirement.from_clone(clone) == Requirement(f"{PACKAGE} @ git+{url}@{commit}")


def test_requirement_of_an_editable_install_is_its_remote(clone: Path) -> None:
    commit = pushed(clone, "https://host/x.git")
    origin = {"url": clone.as_uri(), "dir_info": {"editable": "true"}}
    found = requirement.from_origin(origin, "1.2")
    assert found == Requirement(f"{PACKAGE} @ git+https://host/x.git@{commit}")


def test_commit_that_is_not_pushed_is_said(clone: Path) -> None:
    git(clone, "remote", "add", "origin", "https://host/x.git")
    found = requirement.from_clone(clone)
    assert found.note.endswith("is not on origin: push it")


def test_remote_on_this_machine_is_said(clone: Path, tmp_path: Path) -> None:
    pushed(clone, str(tmp_path / "remote"))
    found = requirement.from_clone(clone)
    assert found.note.startswith(f"only this machine can install from {(tmp_path / 'remote').as_uri()}")


def test_clone_without_a_remote_needs_an_index(clone: Path) -> None:
    found = requirement.from_clone(clone)
    assert found.text == f"{PACKAGE}==1.2"
    assert found.note == f"{clone} has no git remote, so an index must have rootfi-pulumi==1.2"


def test_folder_inside_another_repository_needs_an_index(clone: Path) -> None:
    pushed(clone, "https://host/someones.git")
    folder = clone / "vendored"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('version = "1.3"\n')
    assert requirement.from_clone(folder).text == f"{PACKAGE}==1.3"


def test_running_package_has_a_requirement() -> None:
    assert requirement.find_requirement().text.startswith(PACKAGE)
