"""A step on several stacks, with a program called `pulumi` that ends as each test needs it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.command.command_line import Command
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY
from tests.support.systems import POSIX

# `pulumi` is a script with a line #!, and most tests send signals.
pytestmark = POSIX

FINISHES_AFTER_INTERRUPT = """
import signal, sys, time
got = []
signal.signal(signal.SIGINT, lambda number, frame: got.append(number))
print("ready", flush=True)
while not got:
    time.sleep(0.01)
"""
# As Pulumi ends after an interrupt.
FAILS_AFTER_INTERRUPT = f"{FINISHES_AFTER_INTERRUPT}sys.exit('error: preview canceled')\n"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"PATH": str(tmp_path), "PYTHONPATH": str(REPOSITORY), "GITHUB_ACTIONS": ""}


def interrupted(program: str, environ: dict[str, str], folder: Path) -> tuple[int, list[str], str]:
    """Deploy dev and prod with this program as `pulumi`, and interrupt it.

    Return the exit code, the lines after the signal, and the errors.
    """
    (folder / "pulumi").write_text(f"#!{sys.executable}\n{program}")
    (folder / "pulumi").chmod(0o755)
    with subprocess.Popen(
        [*Command().words, "deploy", "dev", "prod"],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, out.splitlines(), errors


def deploy(
    program: str, environ: dict[str, str], folder: Path, *options: str, stdout: Any = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Deploy dev and prod with this program as `pulumi`."""
    (folder / "pulumi").write_text(f"#!{sys.executable}\n{program}\n")
    (folder / "pulumi").chmod(0o755)
    return subprocess.run(
        [*Command().words, "deploy", "dev", "prod", *options],
        cwd=folder,
        env=environ,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_interrupt_runs_no_further_stack_and_exits_130(environ: dict[str, str], tmp_path: Path) -> None:
    code, (first, second), errors = interrupted(FINISHES_AFTER_INTERRUPT, environ, tmp_path)
    assert first.startswith("deploy of dev: done in ")
    assert second == "deploy of prod: not run"
    assert errors == "deploy interrupted: run this again for the stacks that were not run\n"
    assert code == 130


def test_interrupted_stack_is_to_be_run_again_and_exits_130(environ: dict[str, str], tmp_path: Path) -> None:
    code, (_, first, second), errors = interrupted(FAILS_AFTER_INTERRUPT, environ, tmp_path)
    assert first.startswith("deploy of dev: failed in ")
    assert second == "deploy of prod: not run"
    assert errors == (
        "deploy of dev failed: the run was canceled, and ended after the requests in flight: run this again\n"
    )
    assert code == 130


@pytest.mark.parametrize(
    "last", ["os.kill(os.getpid(), 2)", "sys.exit('error: an unhandled error occurred: signal: killed')"]
)
def test_interrupted_stack_is_canceled_whatever_pulumi_prints(
    last: str, environ: dict[str, str], tmp_path: Path
) -> None:
    # As Pulumi ends before it handles signals: without a word.
    program = f"{FINISHES_AFTER_INTERRUPT}import os; signal.signal(signal.SIGINT, signal.SIG_DFL); {last}\n"
    code, _, errors = interrupted(program, environ, tmp_path)
    assert (code, "deploy of dev failed: the run was canceled" in errors) == (130, True)


def test_killed_stack_has_not_ended_in_order(environ: dict[str, str], tmp_path: Path) -> None:
    program = f"{FINISHES_AFTER_INTERRUPT}import os; os.kill(os.getpid(), 9)\n"
    assert "canceled" not in interrupted(program, environ, tmp_path)[2]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("options", [(), ("--json",)])
@pytest.mark.parametrize(("ending", "code"), [(0, 1), (3, 3)])
def test_full_disk_stops_no_stack_and_is_an_error(
    options: tuple[str, ...], ending: int, code: int, environ: dict[str, str], tmp_path: Path
) -> None:
    program = f"import sys; print('all of it'); open('ran', 'a').write('x'); sys.exit({ending})"
    with Path("/dev/full").open("w") as full:
        done = deploy(program, environ, tmp_path, *options, stdout=full)
    *_, last = done.stderr.splitlines()
    assert last == "rootfi-pulumi: cannot write its output: No space left on device"
    assert (done.returncode, (tmp_path / "ran").read_text()) == (code, "x" if ending else "xx")


def test_shared_key_is_a_warning_before_the_stack_runs(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: own\nruntime: python\n")
    for stack in ("dev", "prod"):
        (tmp_path / f"Pulumi.{stack}.yaml").write_text("config: {rootfi:integrations: {a: {}}}")
    summary = tmp_path / "summary.md"
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "ROOTFI_API_KEY": "key"}
    done = deploy("", environ | github, tmp_path)
    warning = "prod uses the API key of dev"
    lines = done.stdout.splitlines()
    [place] = [number for number, line in enumerate(lines) if f"::warning title={warning}::both" in line]
    assert (done.returncode, lines[place + 1], warning in summary.read_text()) == (
        0,
        "::group::deploy of prod",
        True,
    )
