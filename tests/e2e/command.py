"""Runs `rootfi-pulumi` in a project of the tests."""

import subprocess
import sys
from dataclasses import dataclass

from pulumi_project import Project

ENTRY_POINT = [sys.executable, "-m", "rootfi_pulumi.cli"]


@dataclass
class Ended:
    code: int
    output: str
    errors: str


def rootfi_pulumi(project: Project, *args: str, code: int = 0, **environ: str) -> Ended:
    """Run a command through pipes; `code` is the expected exit code."""
    done = subprocess.run(
        [*ENTRY_POINT, *args],
        cwd=project.folder,
        env=project.environ | environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    ended = Ended(done.returncode, done.stdout, done.stderr)
    assert ended.code == code, ended
    printed = ended.output + ended.errors
    leaked = [secret for secret in project.secrets if secret in printed]
    assert not leaked, f"rootfi-pulumi {args[0]} printed {leaked}"
    assert "Traceback" not in printed
    assert "\x1b" not in printed
    return ended
