"""`make demo` and `make play` as a person runs them: on a terminal, and ended by Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.patience import PATIENCE
from tests.support.processes import read_line, started
from tests.support.pulumi_project import REPOSITORY
from tools.pictures.screen import read_screen
from tools.pictures.terminal import COLUMNS, Terminal

pytestmark = pytest.mark.case

DEMO = (sys.executable, "-m", "tools.demo")
PLAY = (sys.executable, "-m", "tools.demo.play")
READY = "Press Ctrl-C here to stop the emulator and remove "


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder in which a demo makes its own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def test_demo_draws_pulumis_tree_on_a_terminal(temporary: Path) -> None:
    terminal = Terminal(temporary, REPOSITORY, os.environ | {"TMPDIR": str(temporary)})
    terminal.run(*DEMO)
    shown = "\n".join(line.plain for line in read_screen(terminal.output, COLUMNS))
    assert "└─ pulumi-python:dynamic/rootfi:RootFiIntegration" in shown
    assert "\x1b[38;5;2m" in terminal.output
    assert list(temporary.iterdir()) == []


def test_demo_is_plain_in_a_pipe(temporary: Path) -> None:
    environ = os.environ | {"TMPDIR": str(temporary)}
    done = subprocess.run(DEMO, cwd=REPOSITORY, env=environ, capture_output=True, text=True, check=True)
    assert "\x1b" not in done.stdout
    assert "RootFiIntegration rootfi-sandbox create" in done.stdout


def in_other_terminal(variables: str, commands: str) -> str:
    """Run commands where variables of another Pulumi project are set."""
    foreign = os.environ | {"PULUMI_BACKEND_URL": "https://api.example.com", "ROOTFI_API_KEY": "another"}
    script = f". {variables}\n{commands}"
    done = subprocess.run(["sh", "-ec", script], env=foreign, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=lambda ending: ending.name)
def test_play_ends_without_a_trace(temporary: Path, ending: signal.Signals) -> None:
    environ = os.environ | {"TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}
    with started(PLAY, cwd=REPOSITORY, env=environ) as play:
        said = ""
        while READY not in said:
            line = read_line(play)
            assert line, play.stderr.read() if play.stderr else ""
            said += line
        port = int(re.findall(r"http://127\.0\.0\.1:(\d+)/", said)[0])
        [variables] = re.findall(r"^  \. (.+)$", said, re.MULTILINE)
        if ending == signal.SIGINT:
            shown = in_other_terminal(variables, "pulumi up --yes --non-interactive\nrootfi-pulumi report")
            assert "+ 5 created" in shown
            assert "2 enabled" in shown
        play.send_signal(ending)
        assert play.wait(timeout=PATIENCE) == (0 if ending == signal.SIGINT else 128 + ending)
    assert list(temporary.iterdir()) == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def test_play_says_that_its_folder_comes_back_and_exits_1(temporary: Path) -> None:
    environ = os.environ | {"TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}
    with started(PLAY, cwd=REPOSITORY, env=environ) as play:
        assert read_line(play).startswith("preparing")
        [folder] = temporary.iterdir()
        writes = ["sh", "-c", 'while :; do mkdir -p "$1/state"; done 2>/dev/null', "sh", str(folder)]
        with started(writes) as writer:
            play.send_signal(signal.SIGTERM)
            said = ""
            while line := read_line(play):
                said += line
            assert play.wait(timeout=PATIENCE) == 1
            writer.kill()
    assert f"{folder} could not be removed: " in said
    assert said.endswith(f"  rm -r {folder}\n")


def test_play_interrupted_while_it_prepares_removes_its_folder(temporary: Path) -> None:
    environ = os.environ | {"TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}
    with started(PLAY, cwd=REPOSITORY, env=environ) as play:
        assert read_line(play).startswith("preparing")
        play.send_signal(signal.SIGINT)
        assert play.wait(timeout=PATIENCE) == 128 + signal.SIGINT
    assert list(temporary.iterdir()) == []
