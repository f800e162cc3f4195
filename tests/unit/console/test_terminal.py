"""What a stream can show."""

import os
import pty

import pytest

from rootfi_pulumi.console import terminal


@pytest.mark.parametrize(
    ("environ", "styled"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_terminal_has_styles_unless_the_user_says_no(
    environ: dict[str, str], styled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as stream:
        assert terminal.has_styles(stream) == styled
    os.close(ours)


def test_file_has_no_styles() -> None:
    with open(os.devnull, "w", encoding="utf-8") as stream:  # noqa: PTH123 (a device)
        assert not terminal.has_styles(stream)
