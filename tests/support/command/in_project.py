"""Runs `rootfi-pulumi` in a project of the tests."""

import subprocess
from dataclasses import dataclass

import pexpect

from tests.support.command.command_line import Command
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import MEASURE, Project

ENTRY_POINT = [*Command().words]


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
        env=project.environ | MEASURE | environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=5 * PATIENCE,
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


def on_terminal(project: Project, *args: str, **environ: str) -> str:
    """Run a command on a terminal; return what it shows."""
    colourless = {name: value for name, value in project.environ.items() if not name.endswith("_COLOR")}
    program, *before = ENTRY_POINT
    terminal = pexpect.spawn(
        program,
        [*before, *args],
        cwd=str(project.folder),
        env=colourless | MEASURE | {"TERM": "xterm-256color"} | environ,
        encoding="utf-8",
        timeout=5 * PATIENCE,
        dimensions=(50, 200),
    )
    shown = str(terminal.read())
    terminal.close()
    assert not [secret for secret in project.secrets if secret in shown]
    return shown
