"""Finds the git repository that a new project becomes a part of."""

import os
from contextlib import suppress
from pathlib import Path

from rootfi_pulumi.cli.doctor.interpreters import nearest


def place(folder: Path) -> tuple[Path, str]:
    """Return the repository's root and the project's folder in it, such as "infrastructure/" or empty.

    The forge and pre-commit read their files at the root. A folder in no repository is its root.
    Raises OSError for a folder that cannot be looked into. It may be missing.
    """
    # Path.resolve() raises RuntimeError for a loop of links before Python 3.13.
    folder = Path(os.path.realpath(folder))
    # Path.exists(), with which `nearest` looks, hides some errors, and which depends on Python's version.
    with suppress(FileNotFoundError):
        (folder / ".git").stat()
    root = nearest(folder, ".git")
    if root is None or root == folder:
        return folder, ""
    return root, f"{folder.relative_to(root).as_posix()}/"
