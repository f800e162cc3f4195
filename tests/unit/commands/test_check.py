"""The command as a process: what it prints and its exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = "config: {rootfi:integrations: {}}\n"
PLAIN = """\
config:
  rootfi:integrations:
    xero:
      integration_type: XERO
      client_id: app
      client_secret: hunter2
"""


def run(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rootfi_pulumi.cli", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.good.yaml"
    path.write_text(GOOD)
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.plain.yaml"
    path.write_text(PLAIN)
    return path


def test_good_files_are_silent_and_exit_0(good: Path) -> None:
    done = run("check", str(good))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_mistake_is_a_line_with_file_and_line_and_exits_1(good: Path, plain: Path) -> None:
    done = run("check", str(good), str(plain))
    assert done.returncode == 1
    assert done.stdout.startswith(f"{plain}:6: integrations.xero.client_secret: is in plain text")
    assert "hunter2" not in done.stdout + done.stderr


def test_json_is_for_a_pipeline(plain: Path) -> None:
    done = run("check", "--json", str(plain))
    assert done.returncode == 1
    [row] = json.loads(done.stdout)
    assert (row["file"], row["line"]) == (str(plain), 6)


def test_a_file_that_cannot_be_read_is_one_line_and_exits_2(tmp_path: Path) -> None:
    done = run("check", str(tmp_path / "missing.yaml"))
    assert done.returncode == 2
    assert done.stderr == f"rootfi-pulumi check: {tmp_path / 'missing.yaml'}: No such file or directory\n"


def test_help_teaches_what_it_does_and_its_exit_codes() -> None:
    done = run("check", "--help")
    assert done.returncode == 0
    for said in ("Secrets in plain", "Exit codes", "--json"):
        assert said in done.stdout


def test_check_loads_no_pulumi() -> None:
    code = "import rootfi_pulumi.commands.app, sys; assert {'pulumi', 'requests'}.isdisjoint(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
