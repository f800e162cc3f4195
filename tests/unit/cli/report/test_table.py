"""The report as a table, in a terminal and in a pipe."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from rootfi_pulumi.cli.report.matrix import Column, Matrix
from rootfi_pulumi.cli.report.table import print_table
from tests.support.pages.small_matrix import HOSTILE, SAME_ID, SAME_TYPE, SHARED, TWO, XERO, matrix_of


def drawn(shown: Matrix, **options: Any) -> str:
    written = StringIO()
    print_table(Console(file=written, highlight=False, _environ={}, **options), shown)
    return written.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("is_terminal", [False, True])
def test_a_table_shows_a_name_as_it_is_written(name: str, is_terminal: bool) -> None:
    shown = matrix_of(Column(name, {name: XERO}, problems=(name,)))
    text = drawn(shown, force_terminal=is_terminal, no_color=True, width=400)
    assert text.count(name) == 4


def test_a_table_in_a_pipe_is_plain_and_each_integration_a_line() -> None:
    assert [line.rstrip() for line in drawn(TWO, width=20).splitlines()] == [
        "RootFi environments: 1 drifted, 1 enabled",
        "integration  dev                                                       prod",
        "wave         ≠ drifted (client_secret, disabled), XERO · …-app · 1235  not read",
        "xero         ● enabled, XERO · …-app · 1234 · 0-98 d                   not read",
        "dev: a note",
        "prod: state: no login",
        "2026-11-25 12:00 UTC, from the state alone; --refresh finds drift",
    ]


def test_stacks_too_wide_for_a_terminal_are_printed_one_below_another() -> None:
    shown = matrix_of(*(Column(f"stack-{number}", {"xero": XERO}) for number in range(5)))
    options = {"force_terminal": True, "color_system": None}
    tops = [drawn(shown, width=width, **options).count("╭") for width in (300, 100, 60, 10)]
    assert tops == [1, 3, 5, 5]


def test_no_line_of_a_terminals_table_is_wider_than_the_terminal() -> None:
    lines = drawn(TWO, force_terminal=True, color_system=None, width=40).splitlines()
    assert max(len(line) for line in lines if line[0] in "╭│├╰") <= 40


def test_table_has_a_line_for_each_overlap() -> None:
    lines = drawn(SHARED).splitlines()
    found = [line for line in lines if line.endswith("; `rootfi-pulumi doctor` says what to do")]
    assert [line.partition(": ")[0] for line in found] == [SAME_ID[:-2], SAME_TYPE[:-2]]
    assert found == lines[-3:-1]


def test_terminal_shows_an_overlap_as_a_problem() -> None:
    assert f"\x1b[31m{SAME_ID}" in drawn(SHARED, force_terminal=True, color_system="standard", width=400)
