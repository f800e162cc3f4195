"""What all commands have in common, as processes: help, mistakes, exit codes, and terminals."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from rootfi_pulumi.cli.app import app
from tests.support.command.command_line import Command
from tests.support.limited_files import run_limited
from tests.support.patience import PATIENCE
from tests.support.systems import POSIX

COMMANDS = [command.callback.__name__ for command in app.registered_commands if command.callback]
STYLES = re.compile(r"\x1b\[([\d;]*)m")
BOLD = {"1", "0"}


def test_help_has_an_example_of_each_command_and_the_exit_codes() -> None:
    help_text = Command().in_pipe("--help").stdout
    missing = [name for name in COMMANDS if f"\n  rootfi-pulumi {name} " not in help_text]
    assert (missing, "Exit codes: 0 " in help_text) == ([], True)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_commands_help_lists_its_exit_codes(command: str) -> None:
    done = Command().in_pipe(command, "--help")
    # COLUMNS may be so small that the two words are in two lines.
    told = " ".join(done.stdout.split())
    assert (done.returncode, "xit code" in told, done.stderr) == (0, True, "")


@pytest.mark.parametrize("command", [(), *((each,) for each in COMMANDS)])
def test_h_is_help(command: tuple[str, ...]) -> None:
    assert Command().in_pipe(*command, "-h").stdout == Command().in_pipe(*command, "--help").stdout != ""


def test_help_cuts_no_command_short() -> None:
    assert "..." not in Command().in_pipe("--help").stdout.partition("Commands:")[2]


def test_without_a_command_the_help_is_shown_and_the_exit_code_is_2() -> None:
    done = Command().in_pipe()
    assert (done.returncode, done.stdout) == (2, Command().in_pipe("--help").stdout)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ("emulatr", ": unknown command 'emulatr': did you mean emulator? See rootfi-pulumi --help"),
        ("foo", ": unknown command 'foo': see rootfi-pulumi --help"),
        ("--quiet", ": unknown option --quiet: see rootfi-pulumi --help"),
        ("check", " check: FILE is missing: write at least one, as in `rootfi-pulumi check stacks/*.yaml`"),
        ("pipeline", " pipeline: FORGE is missing: write one, as in `rootfi-pulumi pipeline github --write`"),
        (
            "check --jso x",
            " check: unknown option --jso: did you mean --json? See rootfi-pulumi check --help",
        ),
        ("emulator --secret x", " emulator: unknown option --secret: did you mean --secrets? See"),
        (
            "--stack dev report",
            ": --stack is an option of capture, doctor, init, pipeline, report: write it after the command",
        ),
        ("--json check x", ": --json is an option of"),
        ("schema x", " schema: unexpected argument 'x': the command takes only options"),
        ("init x y", " init: unexpected argument 'y': the command takes only FOLDER"),
        ("emulator x", " emulator: unexpected argument 'x': the command takes only options"),
        ("doctor dev", " doctor: unexpected argument 'dev': did you mean --stack dev?"),
        ("doctor --stack", " doctor: --stack requires a value: write --stack NAME: see rootfi-pulumi doctor"),
        ("emulator --port", " emulator: --port requires a value: write --port PORT"),
        ("check --json=1 x", " check: --json takes no value: write only --json"),
        ("emulator --json=1", " emulator: --json takes no value: write only --json"),
        ("report --format pdf", " report: --format: 'pdf' is not one of 'table', 'markdown', 'json', 'html'"),
        ("emulator --secrets x", " emulator: --secrets: 'x' is not one of 'plain', 'masked', 'null', 'omit"),
        ("pipeline x", " pipeline: FORGE: 'x' is not one of 'github', 'gitlab'"),
        ("report --stack=", " report: --stack: the stack's name is empty: "),
        ("report --stack=dev --stack=", " report: --stack: the stack's name is empty: "),
        ("doctor --stack=", " doctor: --stack: the stack's name is empty: "),
        ("capture 1 --stack=", " capture: --stack: the stack's name is empty: "),
        ("capture x", " capture: ID: 'x' is not a whole number from 1 to 9007199254740991"),
        (f"capture {'9' * 5000}", " capture: ID: '9"),
        ("emulator --port x", " emulator: --port: a port is a number from 0 to 65535"),
    ],
    ids=lambda value: value[:30] if value[0] != " " else "",
)
def test_usage_error_is_one_line_and_exits_2(args: str, message: str) -> None:
    done = Command().in_pipe(*args.split())
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"rootfi-pulumi{message}")
    command = args.split(maxsplit=1)[0]
    see = f"ee rootfi-pulumi {command} --help\n" if command in COMMANDS else "ee rootfi-pulumi --help\n"
    assert done.stderr.endswith(see)


@pytest.mark.parametrize("command", [(), *((each,) for each in COMMANDS)])
@pytest.mark.parametrize("width", [80, 120])
def test_help_fits_terminal_without_frames_or_colours(command: tuple[str, ...], width: int) -> None:
    shown = Command().on_terminal(*command, "--help", width=width)
    text = STYLES.sub("", shown.text)
    assert (shown.code, set(STYLES.findall(shown.text)), "<bool>" in text, "─" in text) == (
        0,
        BOLD,
        False,
        False,
    )
    # Lines to copy and the emulator's routes are never wrapped, so they are short enough as written.
    assert [line for line in text.splitlines() if len(line) > min(width, 100)] == []


def test_help_has_a_line_for_each_example() -> None:
    assert "\n  rootfi-pulumi pipeline github --write\n  rootfi-pulumi pipeline github --check\n" in (
        Command().in_pipe("pipeline", "--help").stdout
    )


def test_help_without_colour_is_what_a_pipe_gets() -> None:
    assert Command().on_terminal("--help", width=80, NO_COLOR="1").text == Command().in_pipe("--help").stdout


def test_a_mistake_on_a_terminal_is_one_line_too() -> None:
    assert Command().on_terminal("emulatr").text == Command().in_pipe("emulatr").stderr


def test_a_reader_that_stops_early_gets_no_traceback() -> None:
    command = f"{sys.executable} -m rootfi_pulumi.cli schema | head -n 1 >/dev/null"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    "args", ["schema", "check --json stacks/Pulumi.dev.yaml", "doctor", "--help", "--version"]
)
def test_full_disk_is_one_line_and_exits_1(args: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*Command().words, *args.split()], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    message = "rootfi-pulumi: cannot write its output: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, message)


@POSIX
def test_limit_of_a_files_size_is_one_line_and_exits_1(tmp_path: Path) -> None:
    done = run_limited(0, f"{sys.executable} -m rootfi_pulumi.cli schema > {tmp_path / 'schema'}", Path.cwd())
    message = "rootfi-pulumi: cannot write its output: File too large\n"
    assert (done.returncode, done.stderr) == (1, message)


@pytest.mark.parametrize(
    ("doing", "told"),
    [("raise KeyboardInterrupt", ""), ("typer.confirm('Sure?')", "rootfi-pulumi: aborted at a prompt\n")],
    ids=["while it works", "at a question"],
)
def test_an_interrupted_command_ends_without_a_traceback_and_exits_130(doing: str, told: str) -> None:
    code = f"""
import sys, typer
from rootfi_pulumi.cli.app import app, run
@app.command()
def act() -> None:
    {doing}
sys.argv = ["rootfi-pulumi", "act"]
run()
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, told)


def test_the_version_of_a_clone_is_not_made_up() -> None:
    done = Command().in_pipe("--version")
    assert (done.returncode, done.stdout) == (0, "rootfi-pulumi, not installed (run from a clone)\n")


def test_without_typer_one_line_says_what_to_install() -> None:
    hidden = (
        "import sys; sys.modules['typer'] = None; "
        "import importlib.util as util; util.find_spec = lambda name: None; "
        "from rootfi_pulumi.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", hidden], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        "rootfi-pulumi: typer is not installed: run\npython -m pip install 'rootfi-pulumi[cli]'\n",
    )


def test_neither_help_nor_completion_loads_what_a_command_needs() -> None:
    code = (
        "import rootfi_pulumi.cli.app, sys; "
        "assert {'pulumi', 'requests', 'fastapi', 'ruamel.yaml'}.isdisjoint(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@POSIX
def test_closed_standard_output_is_no_traceback() -> None:
    command = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *Command().words, "--version"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, "")
