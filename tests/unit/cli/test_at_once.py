"""The spinner on a real terminal, in a process whose functions wait."""

import re
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pexpect
import psutil
import pytest

from rootfi_pulumi.cli.at_once import call_at_once
from rootfi_pulumi.cli.progress import fit_names, track
from rootfi_pulumi.project.pulumi_cli import AT_ONCE
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY

HIDES_CURSOR, SHOWS_CURSOR = "\x1b[?25l", "\x1b[?25h"
TWELVE = ["dev", "staging", "production", *(f"team-{number:02}" for number in range(1, 10))]
SHOWN = """\
import time
from rootfi_pulumi.cli.at_once import call_at_once
def read(name):
    time.sleep({seconds})
call_at_once(read, {names}, "reading", is_shown=True)
print("done")
"""


def test_results_are_in_the_order_of_the_names() -> None:
    assert call_at_once(str.upper, ["b", "a"], "reading", is_shown=False) == {"b": "B", "a": "A"}


def test_failure_of_one_is_raised() -> None:
    with pytest.raises(ValueError, match="dev"):
        call_at_once(int, ["1", "dev"], "reading", is_shown=False)


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (200, "reading dev, staging, production, qa · 3 s"),
        (42, "reading dev, staging, production, qa · 3 s"),
        (41, "reading dev, staging and 2 more · 3 s"),
        (28, "reading dev and 3 more · 3 s"),
        (27, "reading 4 · 3 s"),
        (8, "reading…"),
    ],
)
def test_names_fit_the_width(width: int, line: str) -> None:
    assert fit_names("reading", ["dev", "staging", "production", "qa"], 3, width).plain == line


def test_name_alone_is_cut_to_the_width() -> None:
    assert fit_names("reading", ["a-very-long-name"], 3, 16).plain == "reading a-very-…"


def shown(seconds: float, columns: int) -> str:
    terminal = spawned(SHOWN.format(seconds=seconds, names=TWELVE), columns)
    output = str(terminal.read())
    terminal.close()
    return output


def spawned(script: str, columns: int) -> Any:
    return pexpect.spawn(
        sys.executable,
        ["-c", script],
        cwd=str(REPOSITORY),
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(24, columns),
        env={"TERM": "xterm-256color", "PATH": "/usr/bin", "PYTHONPATH": str(REPOSITORY)},
    )


def test_spinner_names_what_is_open_and_the_time_on_one_line() -> None:
    output = shown(0.4, 60)
    frames = [frame.strip() for frame in re.split(r"\x1b\[[0-9?;]*[A-Za-z]|\r|\n", output) if frame.strip()]
    first, *_ = [frame for frame in frames if "reading" in frame]
    assert re.fullmatch(r"(. )?reading dev, staging, production and 9 more · 0 s", first)
    assert any(re.search(r"reading team-\d\d.* · [1-9]\d* s", frame) for frame in frames)
    assert max(map(len, frames)) <= 60
    # Every frame is one line. The last one is left by a line break, and erased.
    assert output.count("\n") == 2
    assert output.endswith("\r\x1b[1A\x1b[2Kdone\r\n")


@pytest.mark.parametrize("forced", ["", "1"])
def test_spinner_is_not_shown_in_a_pipe(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, forced: str
) -> None:
    monkeypatch.setenv("FORCE_COLOR", forced)
    call_at_once(str.upper, ["dev"], "reading", is_shown=True)
    assert [*track(["dev"], "reading")] == ["dev"]
    assert capfd.readouterr() == ("", "")


# What SIGTERM ends. `pulumi` is a process that sleeps.

SLEEPS = "#!/bin/sh\necho 1\nexec sleep 600\n"
READS_WITH_PROCESS = """\
import os
from rootfi_pulumi.cli.at_once import call_at_once
from rootfi_pulumi.project import pulumi_cli
os.environ["PATH"] = "{folder}:" + os.environ["PATH"]
def read(name):
    process = pulumi_cli.start("stack")
    process.stdout.readline()
    print(f"<{{process.pid}}>", flush=True)
    pulumi_cli.finish(process, patience=600)
call_at_once(read, ["dev", *map(str, range(20))], "reading", is_shown=True)
print("done")
"""


def reading(folder: Path, pulumi: str) -> Any:
    """Start the program above in a terminal, with this script as `pulumi`."""
    command = folder / "pulumi"
    command.write_text(pulumi)
    command.chmod(0o755)
    return spawned(READS_WITH_PROCESS.format(folder=folder), 60)


def test_sigterm_shows_the_cursor_and_leaves_no_process(tmp_path: Path) -> None:
    terminal = reading(tmp_path, SLEEPS)
    processes = []
    for _ in range(AT_ONCE):
        terminal.expect(r"<(\d+)>")
        processes.append(int(terminal.match.group(1)))
    terminal.kill(signal.SIGTERM)
    rest = str(terminal.read())
    terminal.close()
    assert (terminal.exitstatus, "done" in rest, "Traceback" in rest) == (143, False, False)
    assert rest.rfind(SHOWS_CURSOR) > rest.rfind(HIDES_CURSOR)
    # None of those that had not begun was started.
    assert "<" not in rest
    assert [each for each in processes if psutil.pid_exists(each)] == []


def test_second_sigterm_does_not_wait(tmp_path: Path) -> None:
    terminal = reading(tmp_path, SLEEPS.replace("echo", "trap '' TERM\necho"))
    processes = []
    for _ in range(AT_ONCE):
        terminal.expect(r"<(\d+)>")
        processes.append(int(terminal.match.group(1)))
    terminal.kill(signal.SIGTERM)
    terminal.expect_exact(SHOWS_CURSOR)
    terminal.kill(signal.SIGTERM)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.signalstatus == signal.SIGTERM


def test_sigterm_is_handled_only_during_the_calls() -> None:
    def handler(_: str) -> object:
        return signal.getsignal(signal.SIGTERM)

    assert call_at_once(handler, ["dev"], "reading", is_shown=False)["dev"] is not signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_sigterm_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        found = call_at_once(lambda _: signal.getsignal(signal.SIGTERM), ["dev"], "reading", is_shown=False)
        assert found == {"dev": signal.SIG_IGN}
    finally:
        signal.signal(signal.SIGTERM, before)


def test_calls_on_another_thread_leave_sigterm_alone() -> None:
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(call_at_once, str.upper, ["dev"], "reading", is_shown=False).result()
    assert found == {"dev": "DEV"}
