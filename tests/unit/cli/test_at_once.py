"""The spinner on a real terminal, in a process whose functions wait."""

import re
import sys

import pexpect
import pytest

from rootfi_pulumi.cli.at_once import call_at_once
from rootfi_pulumi.cli.progress import fit_names
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY

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
    script = SHOWN.format(seconds=seconds, names=TWELVE)
    terminal = pexpect.spawn(
        sys.executable,
        ["-c", script],
        cwd=str(REPOSITORY),
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(24, columns),
        env={"TERM": "xterm-256color", "PATH": "/usr/bin", "PYTHONPATH": str(REPOSITORY)},
    )
    output = str(terminal.read())
    terminal.close()
    return output


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


def test_spinner_is_not_shown_in_a_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    call_at_once(str.upper, ["dev"], "reading", is_shown=True)
    assert capfd.readouterr() == ("", "")
