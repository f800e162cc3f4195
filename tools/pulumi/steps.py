"""What every step does: say what it is about to do, run a command, fail with one clear line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SHOWN_LINES = 15  # of a failed command's output
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class InstallError(Exception):
    """A foreseeable failure; its text is all that the user needs."""


def say(line: str) -> None:
    """Report progress. Standard output is kept for the result."""
    print(line, file=sys.stderr, flush=True)


def run(  # noqa: PLR0913 - one command, described by names
    command: Sequence[str | Path],
    *,
    doing: str,
    otherwise: str,
    timeout: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run a command and return what it printed; `otherwise` tells the user what to do when it fails."""
    # Held back until `process` is known: one that came in between would leave it running.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        # A session of its own, so that ending it ends what it started as well: compilers, a download.
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, before),  # noqa: PLW1509 (no threads)
        )
    except OSError as error:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise InstallError(f"{doing} failed: {error}; {otherwise}") from None
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        stdout, stderr = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        raise InstallError(f"{doing} took longer than {timeout:.0f} s and was ended; {otherwise}") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode != 0:
        tail = "\n".join((stdout + stderr).strip().splitlines()[-SHOWN_LINES:])
        raise InstallError(f"{tail}\n{doing} failed (exit code {process.returncode}); {otherwise}")
    return stdout
