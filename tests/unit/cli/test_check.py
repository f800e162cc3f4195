"""`rootfi-pulumi check` as a process: what it prints and its exit code."""

import json
import re
from pathlib import Path

import pytest

from tests.support.command.command_line import Command

GOOD = "config: {rootfi:integrations: {}}\n"
PLAIN = """\
config:
  rootfi:integrations:
    xero:
      integration_type: XERO
      client_id: app
      client_secret: hunter2
"""


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.good.yaml"
    path.write_text(GOOD)
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.[red].yaml"
    path.write_text(PLAIN)
    return path


def test_good_files_are_silent_and_exit_0(good: Path) -> None:
    done = Command().in_pipe("check", str(good))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_mistake_is_a_line_with_file_and_line_and_exits_1(good: Path, plain: Path) -> None:
    done = Command().in_pipe("check", str(good), str(plain))
    assert done.returncode == 1
    assert done.stdout.startswith(f"{plain}:6: integrations.xero.client_secret: is in plain text")
    assert "hunter2" not in done.stdout + done.stderr


def test_terminal_wraps_mistakes_and_counts_them(good: Path, plain: Path) -> None:
    shown = Command().on_terminal("check", str(good), str(plain), width=80, NO_COLOR="1")
    # NO_COLOR keeps bold.
    mistake, count = re.sub(r"\x1b\[[\d;]*m", "", shown.text).split("\n\n")
    first, *rest = mistake.splitlines()
    assert (first.startswith(f"{plain}:6:"), {line[:4] for line in rest}) == (True, {"    "})
    assert " ".join(mistake.split()) == Command().in_pipe("check", str(plain)).stdout.strip()
    assert count == "1 mistake in 1 of 2 files\n"


def test_terminal_says_that_there_are_no_mistakes(good: Path, tmp_path: Path) -> None:
    adopts = adopting(tmp_path, "dev")
    shown = Command().on_terminal("check", str(good), str(adopts), NO_COLOR="1")
    assert (shown.code, shown.text) == (0, "2 files, 1 integration: no mistakes\n")


def test_terminal_says_what_is_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text("config: {rootfi:integrations: {secure: v1:abc}}\n")
    shown = Command().on_terminal("check", str(path), NO_COLOR="1")
    assert shown.text == (
        "1 file, 0 integrations: no mistakes; those of 1 file are encrypted and not checked\n"
    )


def test_a_terminal_gets_the_place_in_colour(plain: Path) -> None:
    shown = Command().on_terminal("check", str(plain))
    assert (shown.code, f"\x1b[1;31m{plain}:6:\x1b[0m" in shown.text) == (1, True)


def test_json_is_for_a_pipeline(plain: Path) -> None:
    done = Command().in_pipe("check", "--json", str(plain))
    assert done.returncode == 1
    [row] = json.loads(done.stdout)
    assert (row["file"], row["line"]) == (str(plain), 6)


def test_a_file_that_cannot_be_read_is_one_line_and_exits_2(tmp_path: Path) -> None:
    done = Command().in_pipe("check", str(tmp_path / "missing.yaml"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"rootfi-pulumi check: {tmp_path / 'missing.yaml'}: No such file or directory\n"


def test_file_in_another_encoding_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: caf\xe9")
    done = Command().in_pipe("check", str(path))
    assert (done.returncode, done.stdout) == (1, f"{path}:2: is not UTF-8\n")


def adopting(tmp_path: Path, stack: str) -> Path:
    path = tmp_path / f"Pulumi.{stack}.yaml"
    path.write_text(
        PLAIN.replace("client_secret: hunter2", "client_secret: {from_env: X}\n      adopt: 1001")
    )
    return path


def test_id_adopted_in_two_files_is_named_in_both(tmp_path: Path) -> None:
    dev, copy = adopting(tmp_path, "dev"), adopting(tmp_path, "u")
    done = Command().in_pipe("check", str(dev), str(copy))
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert first.startswith(
        f"{dev}:7: integrations.xero.adopt: {copy}:7 adopts 1001 too: if both stacks have"
    )
    assert second.startswith(
        f"{copy}:7: integrations.xero.adopt: {dev}:7 adopts 1001 too: if both stacks have"
    )


def test_json_has_an_id_adopted_in_two_files(tmp_path: Path) -> None:
    files = [str(adopting(tmp_path, "dev")), str(adopting(tmp_path, "u"))]
    done = Command().in_pipe("check", "--json", *files)
    assert done.returncode == 1
    assert [(row["file"], row["line"]) for row in json.loads(done.stdout)] == [(file, 7) for file in files]


def test_id_adopted_in_one_file_is_no_mistake(tmp_path: Path, good: Path) -> None:
    dev = adopting(tmp_path, "dev")
    done = Command().in_pipe("check", str(dev), str(good), str(dev))
    assert (done.returncode, done.stdout) == (0, "")
