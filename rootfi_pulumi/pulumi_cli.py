"""Runs the `pulumi` command, so that every backend and secrets provider is served.

Rests on https://www.pulumi.com/docs/iac/cli/commands/
"""

import os
import shutil
import subprocess
from itertools import takewhile
from pathlib import Path

# Seconds; a backend across the world answers within a few.
_PATIENCE = 60
_LONGEST_REASON = 300
# It ends before collecting garbage pays: a quarter of its processor time. Beyond the limit it is collected.
_BRIEF = {"GOGC": "off", "GOMEMLIMIT": "256MiB"}


class PulumiError(Exception):
    """`pulumi` is missing, failed or took too long; `str()` is one line with its own words."""


def start(*args: str, folder: Path | None = None) -> subprocess.Popen[str]:
    """Start `pulumi` with these arguments, in the current folder by default; `finish` takes its output.

    Raises PulumiError if it is not on PATH or cannot be run.
    """
    command = shutil.which("pulumi")
    if not command:
        raise PulumiError("there is no `pulumi` on PATH")
    try:
        return subprocess.Popen(  # noqa: S603 (no shell; a value that is secret goes through standard input)
            [command, *args, "--non-interactive", "--color=never"],
            cwd=folder,
            env=_BRIEF | os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    except OSError as error:
        raise PulumiError(f"{command} cannot be run: {error.strerror}") from None


def finish(process: subprocess.Popen[str], stdin: str = "") -> str:
    """Return what a started command prints. Raises PulumiError if it fails or takes longer than 60 s."""
    try:
        stdout, stderr = process.communicate(stdin, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise PulumiError(f"{_named(process)} took longer than {_PATIENCE} s") from None
    if process.returncode:
        reason = " ".join(stderr.split()).removeprefix("error: ")
        raise PulumiError(f"{_named(process)}: {reason[:_LONGEST_REASON]}")
    return stdout


def run(*args: str, folder: Path | None = None, stdin: str = "") -> str:
    """Return what `pulumi` prints. Raises PulumiError."""
    return finish(start(*args, folder=folder), stdin)


def _named(process: subprocess.Popen[str]) -> str:
    words = process.args[1:] if isinstance(process.args, list) else []
    return " ".join(["pulumi", *takewhile(lambda word: not str(word).startswith("-"), map(str, words))])
