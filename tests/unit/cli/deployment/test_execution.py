"""A step on several stacks, with a program called `pulumi` that ends as each test needs it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command.command_line import Command
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY

FINISHES_AFTER_INTERRUPT = """
import signal, time
got = []
signal.signal(signal.SIGINT, lambda number, frame: got.append(number))
print("ready", flush=True)
while not got:
    time.sleep(0.01)
"""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "pulumi").write_text(f"#!{sys.executable}\n{FINISHES_AFTER_INTERRUPT}")
    (tmp_path / "pulumi").chmod(0o755)
    return os.environ | {"PATH": str(tmp_path), "PYTHONPATH": str(REPOSITORY), "GITHUB_ACTIONS": ""}


def test_interrupt_runs_no_further_stack_and_exits_130(environ: dict[str, str], tmp_path: Path) -> None:
    with subprocess.Popen(
        [*Command().words, "deploy", "dev", "prod"],
        cwd=tmp_path,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=PATIENCE)
    first, second = out.splitlines()
    assert first.startswith("deploy of dev: done in ")
    assert second == "deploy of prod: not run"
    assert errors == "deploy interrupted: run this again for the stacks that were not run\n"
    assert process.returncode == 130
