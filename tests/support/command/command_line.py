"""Runs the command `rootfi-pulumi`, in a pipe and on a terminal."""

import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.support.patience import PATIENCE


@dataclass
class Shown:
    code: int
    text: str


@dataclass
class Command:
    """The command by the words that start it: as a clone has it, unless an installed one is given."""

    words: tuple[str, ...] = (sys.executable, "-m", "rootfi_pulumi.cli")

    def in_pipe(self, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.words, *args], capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    def on_terminal(self, *args: str, width: int = 100, **environ: str) -> Shown:
        pytest.importorskip("pty", reason="this system has no pseudo-terminals")
        import pexpect  # noqa: PLC0415 - needs pty

        # COLUMNS would override the terminal's width.
        kept = {name: value for name, value in os.environ.items() if not name.endswith(("_COLOR", "COLUMNS"))}
        program, *before = self.words
        terminal = pexpect.spawn(
            program,
            [*before, *args],
            env=kept | {"TERM": "xterm-256color"} | environ,
            encoding="utf-8",
            timeout=PATIENCE,
            dimensions=(50, width),
        )
        terminal.expect(pexpect.EOF)
        terminal.close()
        assert terminal.exitstatus is not None
        assert terminal.before is not None
        return Shown(terminal.exitstatus, terminal.before.replace("\r\n", "\n"))
