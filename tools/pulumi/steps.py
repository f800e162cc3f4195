"""What every step uses: print progress, run a command, and fail with one line."""

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
    """An expected failure. `str()` is the message for the user."""


def say(line: str) -> None:
    """Print progress to standard error; standard output is for the result."""
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
    """Return a command's output. Raises InstallError, with `otherwise` as the advice, if it fails."""
    # Signals are blocked until `process` is set: one in between would leave it running.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        # A new session, so that killing its group also kills its children: compilers, a download.
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
        raise InstallError(f"{doing} took longer than {timeout:.0f} s; {otherwise}") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode != 0:
        tail = "\n".join((stdout + stderr).strip().splitlines()[-SHOWN_LINES:])
        raise InstallError(f"{tail}\n{doing} failed (exit code {process.returncode}); {otherwise}")
    return stdout
