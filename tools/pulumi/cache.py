"""The user's cache of installed CLIs. A folder is published complete or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from steps import say

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
)


def cache_root() -> Path:
    """Return the folder of all versions, by the XDG rules: a relative XDG_CACHE_HOME counts as unset."""
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (configured if configured.is_absolute() else Path.home() / ".cache") / "rootfi-pulumi"


def is_complete(folder: Path) -> bool:
    """Return whether the folder has every program that a Python stack needs."""
    return all(os.access(folder / "bin" / program, os.X_OK) for program in PROGRAMS)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Lock this folder. The kernel releases the lock when its holder dies."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is installing the same Pulumi CLI: waiting for it (minutes, if it builds)")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Yield a scratch folder on the same file system. Requires the lock of `only_one`."""
    prefix = f".{folder.name}.staging-"
    for leftover in folder.parent.glob(f"{prefix}*"):
        shutil.rmtree(leftover)  # its process was killed, or it would still hold the lock
    scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def publish(made: Path, folder: Path) -> None:
    """Move the finished folder into place atomically."""
    if folder.exists():
        shutil.rmtree(folder)  # incomplete, or it would have been used
    made.rename(folder)
