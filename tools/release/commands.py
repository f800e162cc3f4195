"""Runs the commands that a release is made with; one that fails is a ReleaseError with its output."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.release import ReleaseError

PYTHON = (sys.executable, "-m")
UV = (*PYTHON, "uv")
_LIMIT = 600  # seconds; the slowest, an installation, takes less than a minute
_SHOWN_LINES = 20


def run(*command: str | Path, cwd: Path, environ: Mapping[str, str] | None = None, umask: int = -1) -> str:
    """Return what a command prints to standard output. `environ` is added to the environment."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | (environ or {}),
        umask=umask,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_LIMIT,
        check=False,
    )
    if done.returncode:
        shown = (done.stdout + done.stderr).splitlines()[-_SHOWN_LINES:]
        raise ReleaseError("\n".join([f"{' '.join(map(str, command))} failed:", *shown]))
    return done.stdout
