"""Runs the `pulumi` command, which supports every backend and secrets provider.

See https://www.pulumi.com/docs/iac/cli/commands/
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path

AT_ONCE = 4
"""How many `pulumi` processes to run at once: each takes about 100 MiB, and mostly waits."""

# Seconds. The farthest backend answers within a few.
_PATIENCE = 60
_LONGEST_REASON = 300


_started: set[subprocess.Popen[str]] = set()


class PulumiError(Exception):
    """`pulumi` is missing, failed or timed out. `str()` is one line with its error message.

    `output` is what it printed to standard output before it failed.
    """

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output


def start(
    *args: str, folder: Path | None = None, environ: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start `pulumi` with these arguments, by default in the current folder; `finish` returns its output.

    `environ` is added to the environment. Raises PulumiError if `pulumi` is not on PATH or cannot be run.
    """
    command = shutil.which("pulumi")
    if not command:
        raise PulumiError("`pulumi` is not on PATH")
    try:
        process = subprocess.Popen(  # noqa: S603 (no shell, and secrets are passed on standard input)
            [command, *args, "--non-interactive", "--color=never"],
            cwd=folder,
            env=os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"} | dict(environ or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Pulumi writes UTF-8, whatever the locale is.
            encoding="utf-8",
        )
    except OSError as error:
        raise PulumiError(f"{command} cannot be run: {error.strerror}") from None
    _started.add(process)
    return process


def finish(process: subprocess.Popen[str], stdin: str = "", *, patience: float | None = None) -> str:
    """Return what a started command prints. Raises PulumiError if it fails or exceeds `patience` (60 s)."""
    patience = patience or _PATIENCE
    try:
        stdout, stderr = process.communicate(stdin, timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise PulumiError(f"{_named(process)} took longer than {patience} s") from None
    finally:
        _started.discard(process)
    if process.returncode:
        reason = " ".join(stderr.split()).removeprefix("error: ")
        raise PulumiError(f"{_named(process)}: {reason[:_LONGEST_REASON]}", stdout)
    return stdout


def list_started() -> list[subprocess.Popen[str]]:
    """Return the processes that were started and not finished, by any thread."""
    return list(_started)


def run(*args: str, folder: Path | None = None, stdin: str = "") -> str:
    """Return what `pulumi` prints. Raises PulumiError."""
    return finish(start(*args, folder=folder), stdin)


def _named(process: subprocess.Popen[str]) -> str:
    words = process.args[1:] if isinstance(process.args, list) else []
    return " ".join(["pulumi", *takewhile(lambda word: not str(word).startswith("-"), map(str, words))])
