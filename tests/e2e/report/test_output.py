"""Where the report goes, what it shows there, and how it ends."""

import html
import json
import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.command.in_project import ENTRY_POINT, on_terminal, rootfi_pulumi
from tests.support.patience import PATIENCE
from tests.support.processes import started
from tests.support.pulumi_project import Project, files_that_hold
from tests.support.runs.reported import FORMATS, IN_STATE


@pytest.mark.case
@pytest.mark.parametrize("form", FORMATS)
def test_each_format_goes_to_a_file_that_holds_no_secret(stacks: Project, tmp_path: Path, form: str) -> None:
    line = ("report", "--refresh", "--format", form, "--output", str(tmp_path / "report"))
    assert rootfi_pulumi(stacks, *line).output == ""
    assert "client_secret" in html.unescape((tmp_path / "report").read_text())
    assert files_that_hold(tmp_path, stacks.secrets) == []


@pytest.mark.case
def test_json_is_format_json(bare: Project) -> None:
    outputs = [
        json.loads(rootfi_pulumi(bare, "report", *options).output)
        for options in (["--json"], ["--format", "json"], ["--json", "--format", "json"])
    ]
    for each in outputs:
        del each["generated"]
    assert outputs == [outputs[0]] * 3


@pytest.mark.case
def test_a_file_that_cannot_be_written_is_one_line_and_exits_1(bare: Project) -> None:
    ended = rootfi_pulumi(bare, "report", "--output", "no/such/folder", code=1)
    assert ended.errors == "rootfi-pulumi report: no/such/folder: No such file or directory\n"


def test_a_pipe_gets_a_line_for_each_integration_however_long(bare: Project) -> None:
    lines = rootfi_pulumi(bare, "report", COLUMNS="20").output.splitlines()
    assert lines[0] == "4 of 7 need attention, in 2 of 2 stacks"
    start = lines.index("") + 1
    assert [line.split()[0] for line in lines[start : start + 7]] == ["integration", *IN_STATE]
    assert lines[-1].endswith("UTC, from the state alone; --refresh finds drift")


@pytest.mark.case
def test_wide_shows_types_and_client_ids_in_a_pipe_too(bare: Project) -> None:
    lines = rootfi_pulumi(bare, "report", "--wide").output.splitlines()
    assert "● enabled, XERO · xero-app · " in next(line for line in lines if line.startswith("xero "))


def test_terminal_shows_progress_colours_and_no_frames(bare: Project) -> None:
    shown = on_terminal(bare, "report")
    assert ["reading" in shown, "╭" in shown, "\x1b[33m✕ missing" in shown] == [True, False, True]


@pytest.mark.case
def test_wide_has_frames_on_a_terminal(bare: Project) -> None:
    assert "╭" in on_terminal(bare, "report", "--wide")


@pytest.mark.case
def test_no_color_takes_the_frames_and_colours(bare: Project) -> None:
    shown = on_terminal(bare, "report", "--wide", NO_COLOR="1")
    assert ["╭" in shown, "\x1b[3" in shown, "✕ missing" in shown] == [False, False, True]


@pytest.mark.case
def test_locale_without_the_glyphs_gets_others(bare: Project) -> None:
    output = rootfi_pulumi(bare, "report", PYTHONIOENCODING="ascii").output
    assert ["x missing" in output, "* enabled" in output, output.isascii()] == [True] * 3


# Where the table and standard error go to the same place.


def test_terminal_shows_a_problem_once(bare: Project) -> None:
    shown = on_terminal(bare, "report", "--stack", "typo", "--stack", "prod")
    assert (shown.count("no stack or stack file has this name"), "rootfi-pulumi report:" in shown) == (
        1,
        False,
    )


@pytest.mark.case
def test_terminal_explains_the_exit_code_in_one_line(bare: Project) -> None:
    shown = on_terminal(bare, "report", "--fail-on", "missing")
    last = shown.splitlines()[-1]
    assert last == "rootfi-pulumi report: exit code 1 because of --fail-on: 2 missing"


@pytest.mark.case
@pytest.mark.parametrize(
    ("form", "redirection", "number"),
    [
        ("table", ">$TO/out 2>&1", 1),
        ("table", ">$TO/out 2>$TO/err", 2),
        ("table", "--output $TO/out 2>$TO/err", 2),
        ("markdown", ">$TO/out 2>&1", 2),
    ],
)
def test_file_of_both_streams_has_a_problem_once(
    bare: Project, tmp_path: Path, form: str, redirection: str, number: int
) -> None:
    line = f"{' '.join(ENTRY_POINT)} report --format {form} --stack typo {redirection}"
    environ = bare.environ | {"TO": str(tmp_path)}
    done = subprocess.run(["sh", "-c", line], cwd=bare.folder, env=environ, check=False)
    printed = "".join(path.read_text() for path in sorted(tmp_path.iterdir()))
    assert (done.returncode, printed.count("no stack or stack file has this name")) == (1, number)


@pytest.mark.case
def test_a_reader_that_stops_early_gets_no_traceback(bare: Project) -> None:
    line = f"{' '.join(ENTRY_POINT)} report | head -n 1 >/dev/null"
    done = subprocess.run(
        ["sh", "-c", line], cwd=bare.folder, env=bare.environ, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


@pytest.mark.case
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", FORMATS)
def test_full_disk_is_one_line_and_exits_1(bare: Project, form: str) -> None:
    line = f"{' '.join(ENTRY_POINT)} report --format {form}"
    for where, named in (
        (">/dev/full", ": cannot write its output"),
        ("--output /dev/full", " report: /dev/full"),
    ):
        done = subprocess.run(
            ["sh", "-c", f"{line} {where}"],
            cwd=bare.folder,
            env=bare.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        message = f"rootfi-pulumi{named}: No space left on device\n"
        assert (done.returncode, done.stderr) == (1, message)


def test_forced_colours_reach_neither_a_file_nor_the_spinner(bare: Project, tmp_path: Path) -> None:
    written = tmp_path / "report"
    ended = rootfi_pulumi(bare, "report", "--wide", "--output", str(written), FORCE_COLOR="1")
    assert (ended.output, ended.errors) == ("", "")
    assert ("● enabled" in written.read_text(), "\x1b" in written.read_text()) == (True, False)


@pytest.mark.case
def test_sigterm_ends_it_and_leaves_no_process(stacks: Project, emulator: Emulator) -> None:
    emulator.inject(Fault(operation="read", hold=True, times=None))
    line = [*ENTRY_POINT, "report", "--refresh"]
    with started(line, cwd=stacks.folder, env=stacks.environ) as process:
        emulator.wait_until_held()
        children = psutil.Process(process.pid).children()
        plugins = [each for child in children for each in child.children(recursive=True)]
        process.send_signal(signal.SIGTERM)
        printed, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, printed, errors) == (143, "", "")
    assert children
    assert [each for each in children if each.is_running()] == []
    # Plugins end with the engine, after their request.
    emulator.clear_faults()
    emulator.release()
    assert psutil.wait_procs(plugins, timeout=PATIENCE)[1] == []


@pytest.mark.case
def test_an_interrupt_ends_it_without_a_traceback(stacks: Project, emulator: Emulator) -> None:
    emulator.inject(Fault(operation="read", hold=True, times=None))
    line = [*ENTRY_POINT, "report", "--refresh"]
    with started(line, cwd=stacks.folder, env=stacks.environ, start_new_session=True) as process:
        emulator.wait_until_held()
        os.killpg(process.pid, signal.SIGINT)
        emulator.clear_faults()
        emulator.release()
        printed, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, printed, errors) == (130, "", "")
