"""The command, as far as it asks nothing."""

import io
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator
from tools.live.__main__ import main
from tools.live.access import KEY, URL


def test_missing_variables_are_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--yes"], {}) == 2
    assert capsys.readouterr() == ("", f"{KEY} and {URL} must be set: see docs/live.md\n")


def test_no_consent_is_exit_2_and_asks_nothing(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    file = tmp_path / "settings.json"
    code = main(["--emulate", str(file)], {KEY: emulator.add_organisation(), URL: emulator.url})
    assert (code, emulator.requests, file.exists()) == (2, [], False)


class Interrupted(io.StringIO):
    def isatty(self) -> bool:
        raise KeyboardInterrupt


def test_ctrl_c_at_the_prompt_is_exit_130(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Interrupted())
    code = main([], {KEY: emulator.add_organisation(), URL: emulator.url})
    assert (code, emulator.requests) == (130, [])
    assert capsys.readouterr().err.splitlines()[-1] == "Nothing was asked."


def test_unwritable_file_is_exit_2_and_asks_nothing(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--yes", "--emulate", str(tmp_path)]
    code = main(arguments, {KEY: emulator.add_organisation(), URL: emulator.url})
    assert (code, emulator.requests) == (2, [])
    assert capsys.readouterr().err.splitlines()[-1] == f"--emulate {tmp_path}: Is a directory"
