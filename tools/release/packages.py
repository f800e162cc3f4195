"""Builds the wheel and the source distribution so that the same commit always has the same bytes."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from tools.release import ReleaseError
from tools.release.commands import PYTHON, run
from tools.release.commit import Commit

# The second build differs from the first in all that must not matter.
_OTHER_UMASK = 0o077
_OTHER_ENVIRONMENT = {"TZ": "Pacific/Chatham", "LC_ALL": "C", "PYTHONHASHSEED": "1"}


def build(source: Path, commit: Commit, output: Path, *, umask: int = 0o022, **environ: str) -> list[Path]:
    """Build both packages from a folder, and return their paths."""
    environ["SOURCE_DATE_EPOCH"] = commit.time()
    output.mkdir(parents=True, exist_ok=True)
    run(*PYTHON, "hatchling", "build", "-d", output.resolve(), cwd=source, environ=environ, umask=umask)
    return [next(output.glob(pattern)) for pattern in ("*.whl", "*.tar.gz")]


def build_twice(commit: Commit, output: Path) -> list[Path]:
    """Build both packages, and compare them with another build. Raises ReleaseError if one differs."""
    packages = build(commit.folder("first"), commit, output)
    elsewhere = commit.folder("second-in-another-folder", umask=_OTHER_UMASK, keep_times=False)
    again = build(elsewhere, commit, commit.scratch / "again", umask=_OTHER_UMASK, **_OTHER_ENVIRONMENT)
    if differing := differences(packages, again):
        raise ReleaseError(
            f"two builds of one commit differ in {' and '.join(differing)}: "
            "find out what depends on the time, the folder or the machine"
        )
    return packages


def differences(packages: Iterable[Path], again: Iterable[Path]) -> list[str]:
    """Return the names of the packages that do not have the same bytes in both builds."""
    first, second = ({path.name: _digest(path) for path in each} for each in (packages, again))
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def check_descriptions(packages: Iterable[Path]) -> None:
    """Check that the index can show the packages' metadata and README."""
    for package in packages:
        run(*PYTHON, "twine", "--no-color", "check", "--strict", package.resolve(), cwd=package.parent)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
