"""What a run of the tests makes once, whichever of its processes needs it first."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that all processes of this run share, filled by `make` if it is not yet.

    Whoever asks meanwhile waits. If `make` fails, the next one to ask tries it again, in an empty folder.
    The tests' own folders lie in the same folder: what is left there must not look like a tool's lock file
    (`poetry.lock`), because Pulumi searches the folders above a project for these.
    """
    own = factory.getbasetemp()
    base = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, made = base / name, base / f"{name}.made"
    with (base / f"{name}.being-made").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            made.touch()
    return folder
