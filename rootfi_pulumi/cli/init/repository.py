"""Finds the git repository that a new project becomes a part of."""

from pathlib import Path

from rootfi_pulumi.cli.doctor.interpreters import nearest


def place(folder: Path) -> tuple[Path, str]:
    """Return the repository's root and the project's folder in it, such as "infrastructure/" or empty.

    The forge and pre-commit read their files at the root. A folder in no repository is its root.
    """
    folder = folder.resolve()
    root = nearest(folder, ".git")
    if root is None or root == folder:
        return folder, ""
    return root, f"{folder.relative_to(root).as_posix()}/"
