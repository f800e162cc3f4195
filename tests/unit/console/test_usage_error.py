"""The words of usage errors. What each command prints: tests/unit/cli/test_app.py."""

import pytest

from rootfi_pulumi.console import usage_error


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("unknown\noption.", "tool: unknown option: see tool --help"),
        ("did you mean it?", "tool: did you mean it? See tool --help"),
    ],
)
def test_message_is_one_line_that_names_the_help(what: str, line: str) -> None:
    assert usage_error.one_line("tool", what) == line


@pytest.mark.parametrize(
    ("name", "similar"),
    [("--refr", "--refresh"), ("--fail_on", "--fail-on"), ("--x", ""), ("-r", ""), ("--", "")],
)
def test_unknown_option_names_the_most_similar(name: str, similar: str) -> None:
    what = usage_error.unknown_option(name, ["--refresh", "--fail-on"])
    assert what == f"unknown option {name}" + (f": did you mean {similar}?" if similar else "")
