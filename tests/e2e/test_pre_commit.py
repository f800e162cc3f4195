"""`check` as a hook, by pre-commit itself: installed from a repository, as it is for its users."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY

pytestmark = pytest.mark.package

PACKAGE = (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE", "rootfi_pulumi", "template")
GOOD = "config: {rootfi:integrations: {}}\n"
PLAIN = "config: {rootfi:apiKey: hunter2, rootfi:integrations: {}}\n"


def git(folder: Path, *args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-c", "user.name=test", "-c", "user.email=test@example.com", *args],
        cwd=folder,
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=5 * PATIENCE,
        check=False,
    )


def repository(folder: Path) -> Path:
    """Make a repository of what is in a folder."""
    for args in (["init"], ["add", "--all"], ["commit", "--message", "all"]):
        assert git(folder, *args).returncode == 0
    return folder


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """What the hook needs of this repository, in one of its own."""
    folder = tmp_path / "package"
    folder.mkdir()
    for name in PACKAGE:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return repository(folder)


@pytest.fixture
def scratch(tmp_path: Path, package: Path) -> Path:
    """A repository of somebody's who uses the hook."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    revision = git(package, "rev-parse", "HEAD").stdout.strip()
    hooks = {"repo": str(package), "rev": revision, "hooks": [{"id": "rootfi-pulumi-check"}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [hooks]}))
    repository(folder)
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"], cwd=folder, check=True, capture_output=True
    )
    return folder


def test_only_a_commit_with_a_plain_secret_is_stopped(scratch: Path, tmp_path: Path) -> None:
    home = str(tmp_path / "pre-commit-home")
    (scratch / "Pulumi.dev.yaml").write_text(PLAIN)
    git(scratch, "add", "--all")
    stopped = git(scratch, "commit", "--message", "plain", PRE_COMMIT_HOME=home)
    assert stopped.returncode == 1, stopped.stdout
    assert "Pulumi.dev.yaml:1: rootfi:apiKey: is in plain text" in stopped.stdout
    assert "hunter2" not in stopped.stdout
    (scratch / "Pulumi.dev.yaml").write_text(GOOD)
    git(scratch, "add", "--all")
    done = git(scratch, "commit", "--message", "good", PRE_COMMIT_HOME=home)
    assert done.returncode == 0, done.stdout
