"""Reads from a repository's files which branch it is on, and whether it has another.

It needs no git. See https://git-scm.com/docs/gitrepository-layout
"""

import re
from contextlib import suppress
from pathlib import Path

_HEAD = re.compile(r"ref: refs/heads/(\S+)\s*")


def current_branch(repository: Path) -> str:
    """Return the branch that is checked out, which may have no commit yet.

    Empty if it is unknown: for a detached HEAD, a linked worktree or a submodule, where `.git` is a file, and
    for refs in a reftable.
    """
    git = repository / ".git"
    found = None
    with suppress(OSError, UnicodeDecodeError):
        if not (git / "reftable").exists():
            found = _HEAD.fullmatch((git / "HEAD").read_text(encoding="utf-8"))
    return found[1] if found else ""


def has_branch(repository: Path, branch: str) -> bool:
    """Return whether the repository or one of its remotes has a branch."""
    refs = repository / ".git" / "refs"
    remotes = refs / "remotes"
    with suppress(OSError):
        if (refs / "heads" / branch).is_file():
            return True
        if any((remote / branch).is_file() for remote in remotes.iterdir()):
            return True
    return _is_packed(repository, branch)


def _is_packed(repository: Path, branch: str) -> bool:
    packed = ""
    with suppress(OSError, UnicodeDecodeError):
        packed = (repository / ".git" / "packed-refs").read_text(encoding="utf-8")
    name = rf"refs/(?:heads|remotes/[^/\s]+)/{re.escape(branch)}"
    return re.search(rf"^[0-9a-f]+ {name}$", packed, re.MULTILINE) is not None
