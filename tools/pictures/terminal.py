"""Runs commands in a pseudo-terminal, and answers what they ask the terminal."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pexpect

COLUMNS = 110
# More than a command here needs, so that nothing scrolls or is cut off.
_ROWS = 200
_PATIENCE = 120  # seconds
# Pulumi asks for the background and the cursor, and waits 5 s for a terminal that does not answer.
_QUESTIONS = (r"\x1b\]11;\?", r"\x1b\[6n")
_ANSWERS = ("\x1b]11;rgb:0d0d/1111/1717\x1b\\", "\x1b[1;1R")
# These take the colour away, or make a command believe that it runs in a pipeline.
_UNSUITABLE = {
    "NO_COLOR",
    "FORCE_COLOR",
    "COLORTERM",
    "CI",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "COLUMNS",
    "LINES",
}


@dataclass
class Terminal:
    """A terminal in a folder of `home`, which it shows as `~`.

    `output` is what its commands wrote, with a prompt before each.
    """

    home: Path
    folder: Path
    environ: Mapping[str, str]
    output: str = field(default="", init=False)

    def run(self, *command: str, code: int = 0) -> None:
        """Run a command. Raises RuntimeError with its output if it exits with another code."""
        environ = {name: value for name, value in self.environ.items() if name not in _UNSUITABLE}
        written = StringIO()
        child: pexpect.spawn[str] = pexpect.spawn(
            command[0],
            list(command[1:]),
            cwd=str(self.folder),
            env={**environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"},
            dimensions=(_ROWS, COLUMNS),
            encoding="utf-8",
            timeout=_PATIENCE,
            echo=False,
        )
        child.logfile_read = written
        while (asked := child.expect([*_QUESTIONS, pexpect.EOF])) < len(_QUESTIONS):
            child.send(_ANSWERS[asked])
        child.close()
        if child.exitstatus != code:
            raise RuntimeError(f"{shlex.join(command)} exited with {child.exitstatus}:\n{written.getvalue()}")
        self.output += prompt(*command) + written.getvalue().replace(str(self.home), "~")


def prompt(*command: str) -> str:
    """Return the line in which a person typed the command, after an empty one."""
    return f"\r\n\x1b[1m$ {shlex.join(command)}\x1b[0m\r\n"
