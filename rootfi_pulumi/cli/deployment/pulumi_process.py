"""Runs `pulumi` and passes its output on.

`project.pulumi_cli` runs commands whose output this package reads; here a user follows it line by line.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from types import FrameType, TracebackType
from typing import Self

from rootfi_pulumi.cli.deployment.log import Log
from rootfi_pulumi.project.pulumi_cli import PulumiError

_NOT_FOUND = "`pulumi` is not on PATH: install it from https://www.pulumi.com/docs/install/"

# Windows has no SIGHUP, and its console interrupts every process in it: Pulumi needs no signal of ours.
_ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_PASSES_ON = os.name == "posix"


class PulumiProcess:
    """Runs one `pulumi` at a time; as a context manager, it handles the signals that end this process.

    The first of them interrupts Pulumi, which then ends after the requests in flight. Later ones are ignored:
    a second interrupt would make Pulumi drop the creates in flight from the state. `is_canceled` is True
    after a signal. Raises PulumiError if `pulumi` is not on PATH.
    """

    def __init__(self, log: Log) -> None:
        command = shutil.which("pulumi")
        if not command:
            raise PulumiError(_NOT_FOUND)
        self._command = command
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self._has_passed_on = False
        self.is_canceled = False
        self._before: dict[int, signal.Handlers | int | None] = {}

    def __enter__(self) -> Self:
        for name in _ENDINGS:
            number = getattr(signal, name, None)
            # `nohup` has the process ignore SIGHUP, so that the run outlives its terminal.
            if number and not (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):
                self._before[number] = signal.signal(number, self._cancel)  # type: ignore[assignment]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def run(self, *args: str, environ: Mapping[str, str]) -> tuple[int, str]:
        """Run `pulumi`, print what it prints, and return its exit code and that text.

        `environ` is added to the environment. The exit code of a killed process is 128 plus the signal's
        number, as in a shell. Raises PulumiError if `pulumi` cannot be run.
        """
        lines = []
        with self._start([*args, "--non-interactive"], environ) as process:
            self._process = process
            self._pass_on()  # a signal may have come while it started
            for line in process.stdout or ():
                self._log.print(line, end="")
                lines.append(line)
            if lines and not lines[-1].endswith("\n"):
                # A killed process may leave half a line, and a forge's command needs a line of its own.
                self._log.print("")
        self._process = None
        code = process.returncode
        return (code if code >= 0 else 128 - code), "".join(lines)

    def _start(self, args: list[str], environ: Mapping[str, str]) -> subprocess.Popen[str]:
        try:
            return subprocess.Popen(  # noqa: S603 (no shell, and a stack's name is checked)
                [self._command, *args],
                env=os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"} | dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # so that a terminal's Ctrl-C reaches Pulumi through us alone, once
            )
        except OSError as error:
            raise PulumiError(f"{self._command} cannot be run: {error.strerror}") from None

    def _cancel(self, _number: int, _frame: FrameType | None) -> None:
        self.is_canceled = True
        self._pass_on()

    def _pass_on(self) -> None:
        if _PASSES_ON and self.is_canceled and self._process and not self._has_passed_on:
            self._has_passed_on = True
            self._process.send_signal(signal.SIGINT)
