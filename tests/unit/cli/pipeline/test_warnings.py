"""What a pipeline warns of: a backend or an address that a runner cannot reach, and a branch that is missing."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.cli.pipeline.options import Forge, Options
from rootfi_pulumi.cli.pipeline.rendering import plan
from rootfi_pulumi.cli.pipeline.warnings import find_warnings
from tests.support.distribution.own_repository import XERO, write_repository

WRITE = "  .venv/bin/rootfi-pulumi pipeline github --write"


def warnings(root: Path, forge: Forge = Forge.GITHUB, **options: Any) -> list[str]:
    return list(find_warnings(plan(forge, root, Options(**options))))


def git(root: Path, *args: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgSign=false"]
    subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A project in a repository on the branch master, which has no commit yet."""
    root = write_repository(tmp_path / "own")
    git(root, "init", "--initial-branch", "master")
    return root


def commit(root: Path) -> None:
    git(root, "commit", "--allow-empty", "--message", "all")


@pytest.mark.parametrize(("project", "option"), [("file:///srv/states", ""), ("", "file")])
def test_folder_as_backend_is_reported(project: str, option: str, tmp_path: Path) -> None:
    [warning] = warnings(write_repository(tmp_path, backend=project), backend=option, python="3.12")
    assert warning.startswith("the backend is a folder of this machine, which a runner does not have: ")
    assert warning.endswith(f"\n{WRITE} --backend s3 --python 3.12")


@pytest.mark.parametrize("backend", ["", "s3", "cloud", "https"])
def test_backend_that_jobs_reach_is_not_reported(backend: str, tmp_path: Path) -> None:
    assert warnings(write_repository(tmp_path), backend=backend) == []


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("http://LOCALHOST", True),
        ("https://api.rootfi.dev", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_address_of_this_machine_is_reported(url: str, *, is_local: bool, tmp_path: Path) -> None:
    config = {"rootfi:baseUrl": url, "rootfi:integrations": {"xero": XERO}}
    found = warnings(write_repository(tmp_path, stacks=["dev"], stack={"config": config}))
    assert ["Pulumi.dev.yaml: rootfi:baseUrl is an address of this machine" in each for each in found] == (
        [True] if is_local else []
    )
    assert all(each.endswith("\n  pulumi config rm rootfi:baseUrl --stack dev") for each in found)


@pytest.mark.parametrize(
    "file", ["rootfi.yml", ".github/workflows/eu/rootfi.yml", ".github/workflows/rootfi"]
)
def test_file_that_github_does_not_run_is_reported(file: str, tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    [warning] = warnings(root, file=file)
    assert warning.splitlines() == [
        "GitHub runs only a .yml file in .github/workflows/ itself: choose such a path",
        f"{WRITE} --file .github/workflows/rootfi.yml",
    ]
    assert warnings(root, Forge.GITLAB, file=file) == []
    assert warnings(root, file=".github/workflows/eu.yaml") == []


def test_branch_without_a_commit_may_be_the_deployed_one(repository: Path) -> None:
    [warning] = warnings(repository)
    assert warning.splitlines() == [
        "there is no branch main, so nothing would be deployed: rename master, or choose it",
        "  git branch -m main",
        f"{WRITE} --branch master",
    ]
    git(repository, "branch", "-m", "main")
    assert warnings(repository) == []


def test_missing_branch_is_reported_on_another_one_too(repository: Path) -> None:
    commit(repository)
    git(repository, "checkout", "-b", "fix/x")
    [warning] = warnings(repository)
    assert warning.splitlines()[1:] == ["  git branch -m master main", f"{WRITE} --branch master"]
    assert warnings(repository, branch="master") == []
    git(repository, *warning.splitlines()[1].split()[1:])
    assert warnings(repository) == []


def test_missing_branch_that_was_chosen_is_created(repository: Path) -> None:
    commit(repository)
    git(repository, "branch", "-m", "main")
    git(repository, "checkout", "-b", "fix/x")
    [warning] = warnings(repository, branch="release")
    assert warning.splitlines() == [
        "there is no branch release, so nothing would be deployed: create it, or choose main",
        "  git branch release main",
        f"{WRITE} --branch main",
    ]
    git(repository, *warning.splitlines()[1].split()[1:])
    assert warnings(repository, branch="release") == []
    assert warnings(repository, branch="main") == []


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("branch", ["main", "release/1"])
def test_branch_of_a_remote_is_found(branch: str, *, is_packed: bool, repository: Path) -> None:
    commit(repository)
    git(repository, "update-ref", f"refs/tags/{branch}", "HEAD")
    assert len(warnings(repository, branch=branch)) == 1
    git(repository, "update-ref", f"refs/remotes/origin/{branch}", "HEAD")
    if is_packed:
        git(repository, "pack-refs", "--all")
    assert warnings(repository, branch=branch) == []


def test_packed_branch_is_found(repository: Path) -> None:
    commit(repository)
    git(repository, "branch", "main")
    git(repository, "pack-refs", "--all")
    assert not (repository / ".git/refs/heads/main").exists()
    assert warnings(repository) == []


def test_detached_head_and_worktree_are_not_reported(repository: Path) -> None:
    commit(repository)
    git(repository, "add", ".")
    git(repository, "commit", "--message", "project")
    git(repository, "worktree", "add", "-b", "fix", str(repository.parent / "tree"))
    assert warnings(repository.parent / "tree") == []
    git(repository, "checkout", "--detach")
    assert warnings(repository) == []


def test_default_branch_of_gitlab_is_unknown_here(repository: Path) -> None:
    assert warnings(repository, Forge.GITLAB) == []
    assert len(warnings(repository, Forge.GITLAB, branch="main")) == 1
