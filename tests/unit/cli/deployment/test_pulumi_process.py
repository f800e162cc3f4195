"""How a program called `pulumi` is run: its output, its exit code, and the signals that it gets."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rootfi_pulumi.cli.deployment.log import Log
from rootfi_pulumi.cli.deployment.pulumi_process import PulumiProcess
from rootfi_pulumi.project.pulumi_cli import PulumiError
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY
from tests.support.systems import POSIX

# `pulumi` is a script with a line #!, and most tests send signals.
pytestmark = POSIX

COUNTS_INTERRUPTS = """
import signal, time
got = []
signal.signal(signal.SIGINT, lambda number, frame: got.append(number))
signal.signal(signal.SIGTERM, lambda number, frame: got.append(number))
print("ready", flush=True)
while not got:
    time.sleep(0.01)
print("asked", flush=True)
time.sleep(0.5)
print(got, flush=True)
"""
RUNS_IT = """
import sys
from rootfi_pulumi.cli.deployment.log import Log
from rootfi_pulumi.cli.deployment.pulumi_process import PulumiProcess
with PulumiProcess(Log(sys.stdout)) as pulumi:
    code, output = pulumi.run(environ={})
print(pulumi.is_canceled, code, output.count("\\n"), file=sys.stderr)
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Return a function that puts a Python program on PATH as `pulumi`."""

    def put(program: str) -> Path:
        path = tmp_path / "pulumi"
        path.write_text(f"#!{sys.executable}\n{program}")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
        return path

    return put


def test_output_is_printed_and_returned(stand_in: Callable[[str], Path]) -> None:
    stand_in("import os, sys; print('ü', os.environ['A'], flush=True); print(sys.argv[1:], file=sys.stderr)")
    out = io.StringIO()
    with PulumiProcess(Log(out)) as pulumi:
        code, output = pulumi.run("up", environ={"A": "b"})
    assert (code, output, out.getvalue()) == (0, "ü b\n['up', '--non-interactive']\n", output)


def test_exit_code_of_a_killed_process_is_that_of_a_shell(stand_in: Callable[[str], Path]) -> None:
    stand_in("import os; os.kill(os.getpid(), 9)")
    with PulumiProcess(Log(io.StringIO())) as pulumi:
        assert pulumi.run(environ={})[0] == 137


def test_half_a_line_of_a_killed_process_is_ended(stand_in: Callable[[str], Path]) -> None:
    stand_in("import os; print('half', end='', flush=True); os.kill(os.getpid(), 9)")
    out = io.StringIO()
    with PulumiProcess(Log(out)) as pulumi:
        assert pulumi.run(environ={}) == (137, "half")
    assert out.getvalue() == "half\n"


def test_signals_interrupt_pulumi_once(stand_in: Callable[[str], Path]) -> None:
    stand_in(COUNTS_INTERRUPTS)
    with subprocess.Popen(
        [sys.executable, "-c", RUNS_IT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "asked\n"
        for later in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process.send_signal(later)
        out, errors = process.communicate(timeout=PATIENCE)
    assert (out, errors) == (f"[{signal.SIGINT.value}]\n", "True 0 3\n")


def test_hangup_that_nohup_ignores_stays_ignored(stand_in: Callable[[str], Path]) -> None:
    stand_in("import os, signal; os.kill(os.getppid(), signal.SIGHUP)")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with PulumiProcess(Log(io.StringIO())) as pulumi:
            assert pulumi.run(environ={}) == (0, "")
            assert not pulumi.is_canceled
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_reader_that_stops_does_not_end_pulumi(stand_in: Callable[[str], Path], tmp_path: Path) -> None:
    done = tmp_path / "done"
    stand_in(f"for number in range(9999): print(number)\nopen({str(done)!r}, 'w')")
    command = f"'{sys.executable}' -c '{RUNS_IT}' | read line"
    ended = subprocess.run(
        ["/bin/bash", "-c", command], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.exists(), ended.stderr) == (True, "False 0 9999\n")


def test_handlers_are_restored(stand_in: Callable[[str], Path]) -> None:
    stand_in("")
    before = signal.getsignal(signal.SIGTERM)
    with PulumiProcess(Log(io.StringIO())):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_system_without_hangups_is_served(
    stand_in: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(signal, "SIGHUP")
    stand_in("print('done')")
    with PulumiProcess(Log(io.StringIO())) as pulumi:
        assert pulumi.run(environ={}) == (0, "done\n")


def test_missing_pulumi_is_an_error_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(PulumiError, match="not on PATH: install it from https://"):
        PulumiProcess(Log(io.StringIO()))


def test_pulumi_that_cannot_be_run_is_an_error(stand_in: Callable[[str], Path]) -> None:
    path = stand_in("")
    path.write_text("#!/no/such/interpreter\n")
    with (
        PulumiProcess(Log(io.StringIO())) as pulumi,
        pytest.raises(PulumiError, match="cannot be run: No such file"),
    ):
        pulumi.run(environ={})
