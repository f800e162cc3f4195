"""Installs a built package as its users do, and runs it."""

import sys
from pathlib import Path

from tools.release import ReleaseError
from tools.release.commands import UV, run
from tools.release.commit import Commit

_IMPORTS = "import rootfi_pulumi, rootfi_pulumi.provider; print(rootfi_pulumi.__file__)"


def check_installation(commit: Commit, package: Path, version: str) -> None:
    """Install a package with the locked dependencies into a new environment, and run it there.

    Raises ReleaseError if that fails, or if the command prints another version.
    """
    folder = commit.scratch / f"environment-{package.suffix.removeprefix('.')}"
    folder.mkdir()
    locks = {name: folder / name for name in ("requirements.txt", "requirements-dev.txt")}
    for name, path in locks.items():
        path.write_text(commit.read(name))
    venv = folder / "venv"
    run(*UV, "venv", "--quiet", "--python", sys.executable, venv, cwd=folder)
    install = (*UV, "pip", "install", "--quiet", "--python", str(venv))
    run(*install, "--require-hashes", "--requirement", locks["requirements.txt"], cwd=folder)
    # The second lock has hatchling, with which a source distribution is built.
    build = ("--build-constraints", locks["requirements-dev.txt"])
    run(*install, "--no-deps", *build, package.resolve(), cwd=folder)
    imported = run(venv / "bin" / "python", "-I", "-c", _IMPORTS, cwd=folder).strip()
    if not Path(imported).is_relative_to(venv):
        raise ReleaseError(f"{package.name}: rootfi_pulumi was imported from {imported}")
    printed = run(venv / "bin" / "rootfi-pulumi", "--version", cwd=folder)
    if printed != f"rootfi-pulumi {version}\n":
        raise ReleaseError(f"{package.name}: the command prints {printed.strip()!r}, not version {version}")
