"""The repository after `git clone` and `make setup`."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.pulumi_project import REPOSITORY

ROOTFI = "https://api.rootfi.dev"


def clone(folder: Path, address: str) -> None:
    """Copy what a commit of the work tree would hold; its stacks ask `address` instead of RootFi."""
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
    for stack in (folder / "stacks").glob("*.yaml"):
        stack.write_text(stack.read_text().replace(ROOTFI, address))
    _lend_packages(folder / ".venv")


def _lend_packages(environment: Path) -> None:
    """Link to the packages from a folder of its own: what clears it cannot reach those of the tests."""
    environment.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (environment / name).symlink_to(Path(sys.prefix, name))
    (environment / ".ready").touch()
