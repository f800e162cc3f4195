"""The user's cache of installed CLIs: a folder is there whole, or not at all."""

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
    """The folder of all versions, by the XDG rules: a relative path there counts as unset."""
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (configured if configured.is_absolute() else Path.home() / ".cache") / "rootfi-pulumi"


def is_complete(folder: Path) -> bool:
    """Whether every program that a Python stack needs can be run from there."""
    return all(os.access(folder / "bin" / program, os.X_OK) for program in PROGRAMS)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the right to make this folder. The kernel gives it up when its holder dies, however it dies."""
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
    """Make a scratch folder on the same file system; for the holder of `only_one` alone."""
    prefix = f".{folder.name}.staging-"
    for leftover in folder.parent.glob(f"{prefix}*"):
        shutil.rmtree(leftover)  # its maker was killed, or it would still hold the lock
    scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def publish(made: Path, folder: Path) -> None:
    """Put what was made into its place in one step."""
    if folder.exists():
        shutil.rmtree(folder)  # damaged, or it would have been used
    made.rename(folder)
