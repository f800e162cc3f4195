"""Checks what is in the wheel and the source distribution."""

import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tools.release import ReleaseError
from tools.release.commit import Commit

PACKAGE = "rootfi_pulumi"
_ADDED_TO_SOURCE = {"PKG-INFO"}


def check_contents(commit: Commit, packages: Iterable[Path]) -> None:
    """Raise ReleaseError if a package lacks a file of the commit or has one too many."""
    files = commit.files()
    for package in packages:
        if package.suffix == ".whl":
            problems = wheel_problems(zipfile.ZipFile(package).namelist(), files)
        else:
            with tarfile.open(package) as archive:
                names = [each.name.partition("/")[2] for each in archive if each.isfile()]
            problems = source_problems(names, files)
        if problems:
            raise ReleaseError("\n  ".join([f"{package.name} is wrong:", *problems]))


def wheel_problems(names: Iterable[str], files: Iterable[str]) -> list[str]:
    """Return what is wrong: it must have all of the package, py.typed and the pages too, and no tests."""
    inside = {name for name in names if not name.partition("/")[0].endswith(".dist-info")}
    wanted = {name for name in files if name.startswith(f"{PACKAGE}/")}
    outside = {name for name in inside if not name.startswith(f"{PACKAGE}/") or "tests" in name.split("/")}
    return _describe(wanted - inside, outside)


def source_problems(names: Iterable[str], files: Iterable[str]) -> list[str]:
    """Return what is wrong: it must have every file of the commit, and no other."""
    inside, wanted = set(names) - _ADDED_TO_SOURCE, set(files)
    return _describe(wanted - inside, inside - wanted)


def _describe(missing: Iterable[str], outside: Iterable[str]) -> list[str]:
    return [f"{name} is missing" for name in sorted(missing)] + [
        f"{name} must not be in it" for name in sorted(outside)
    ]
