"""The soak, for seconds instead of half an hour: it works, ends, and fails when it should."""

import subprocess
import sys

import pytest

from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY
from tools.soak.__main__ import main
from tools.soak.turns import Turns

pytestmark = pytest.mark.long


def test_a_short_soak_ends_and_prints_its_figures() -> None:
    command = [sys.executable, "-m", "tools.soak", "--minutes", "0.1", "--stacks", "2", "--seed", "1"]
    done = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=5 * PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for told in ("2 stacks at once, seed 1", "Plugin processes: ", "Left behind: no process", "Versions: "):
        assert told in done.stdout


def test_an_untracked_integration_fails_the_soak(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def add_behind_its_back(turns: Turns) -> None:
        stack = turns.stack
        stack.emulator.add_integration(
            stack.api_key, integration_type="XERO", client_id="ada-0", client_secret="s"
        )
        stack.run("refresh")

    monkeypatch.setattr(Turns, "finish", add_behind_its_back)
    assert main(["--minutes", "0", "--stacks", "1", "--seed", "1"]) == 1
    told = capsys.readouterr().out
    assert "live and untracked, without a trace in the state: ada" in told
    assert 'make soak SOAK_OPTIONS="--seed 1 --stacks 1"' in told
