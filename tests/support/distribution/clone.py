"""The repository after `git clone` and `make setup`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.pulumi_project import REPOSITORY
from tests.support.session_folder import made_once

ROOTFI = "https://api.rootfi.dev"


def clone(folder: Path, address: str, packages: Path = Path(sys.prefix)) -> None:
    """Copy what a commit of the work tree would hold; its stacks ask `address` instead of RootFi.

    `packages` is the virtual environment that it uses, by default that of the tests.
    """
    copy_commit(folder)
    for stack in (folder / "stacks").glob("*.yaml"):
        stack.write_text(stack.read_text().replace(ROOTFI, address))
    _lend_packages(folder / ".venv", packages)


def deployment_packages(factory: pytest.TempPathFactory, environ: dict[str, str]) -> Path:
    """Return the virtual environment that `make setup` makes, once for all tests."""

    def make(folder: Path) -> None:
        copy_commit(folder)
        setup = ["make", "setup", f"PYTHON={sys.executable}"]
        subprocess.run(setup, cwd=folder, env=environ, check=True, capture_output=True)

    return made_once(factory, "deployment", make) / ".venv"


def copy_commit(folder: Path) -> None:
    """Copy what a commit of the work tree would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        source, target = REPOSITORY / name, folder / name
        if source.is_file() and name != ".venv":
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def _lend_packages(environment: Path, packages: Path) -> None:
    """Link to the packages from a folder of its own: what clears it cannot reach those of the tests."""
    environment.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (environment / name).symlink_to(packages / name)
    (environment / ".ready").touch()
