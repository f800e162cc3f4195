"""The report as text, in a terminal and in a pipe."""

from dataclasses import replace
from io import BytesIO, StringIO, TextIOWrapper
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from rootfi_pulumi.cli.report.matrix import Column, Matrix
from rootfi_pulumi.cli.report.table import print_table
from tests.support.pages.full_matrix import EVERY_STATE
from tests.support.pages.large_matrix import TWELVE_STACKS
from tests.support.pages.small_matrix import (
    HOSTILE,
    SAME_ID,
    SAME_TYPE,
    SHARED,
    TWO,
    UNREAD,
    XERO,
    matrix_of,
)

FOOTER = "2026-11-25 12:00 UTC, from the state alone; --refresh finds drift"
WIDE_ROWS = [
    "integration  dev                                                       prod",
    "wave         ≠ drifted (client_secret, disabled), XERO · my-app · 1235  not read",
    "xero         ● enabled, XERO · my-app · 1234 · 0-98 d                   not read",
]


def drawn(shown: Matrix, *, is_wide: bool = False, **options: Any) -> str:
    written = StringIO()
    print_table(Console(file=written, highlight=False, _environ={}, **options), shown, is_wide=is_wide)
    return written.getvalue()


def on_terminal(shown: Matrix, width: int, **options: Any) -> list[str]:
    """Return the lines without colours, of a terminal of this width."""
    return drawn(shown, force_terminal=True, color_system=None, width=width, **options).splitlines()


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("is_wide", [False, True])
@pytest.mark.parametrize("is_terminal", [False, True])
def test_table_shows_a_name_as_it_is_written(name: str, is_wide: bool, is_terminal: bool) -> None:
    shown = matrix_of(Column(name, {name: XERO}, notes=(name,), problems=(name,)))
    text = drawn(shown, is_wide=is_wide, force_terminal=is_terminal, no_color=True, width=1000)
    # In the alert: the stack, the reason and the command. Then the row, the column and the note.
    assert text.count(name) >= 6 - ("'" in name)


def test_pipe_gets_alerts_and_a_plain_line_for_each_integration() -> None:
    assert drawn(TWO, width=20).splitlines() == [
        "1 of 2 needs attention, in 1 of 2 stacks, 1 stack not read",
        "  ≠ drifted   dev   wave (client_secret)  $ pulumi up --refresh --stack dev",
        "  ░ not read  prod  state: no login       $ rootfi-pulumi doctor --stack prod",
        "",
        "integration  dev                       prod",
        "wave         ≠ drifted, disabled 1235  not read",
        "xero         ● enabled 1234            not read",
        "",
        "● 1 enabled  ≠ 1 drifted  details: --wide",
        "dev: a note",
        FOOTER,
    ]


def test_wide_pipe_has_every_detail_on_each_line() -> None:
    lines = [line.rstrip() for line in drawn(TWO, is_wide=True, width=20).splitlines()]
    assert [" ".join(line.split()) for line in lines[4:7]] == [" ".join(row.split()) for row in WIDE_ROWS]
    assert lines[-2:] == ["dev: a note", FOOTER]


@pytest.mark.parametrize("is_wide", [False, True])
def test_pipe_gets_no_trailing_spaces(is_wide: bool) -> None:
    lines = drawn(TWELVE_STACKS, is_wide=is_wide).splitlines()
    assert [line for line in lines if line != line.rstrip()] == []


def test_twelve_stacks_fit_35_lines_at_160_columns() -> None:
    lines = on_terminal(TWELVE_STACKS, 160)
    assert len(lines) <= 35
    assert max(map(cell_len, lines)) <= 160
    [header] = [line for line in lines if line.startswith("integration ")]
    assert header.split()[1:] == [column.stack for column in TWELVE_STACKS.columns]
    assert "● 1380" in next(line for line in lines if line.startswith("busy "))


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 160, 200])
@pytest.mark.parametrize("shown", [TWELVE_STACKS, EVERY_STATE, TWO], ids=["twelve", "every state", "two"])
def test_table_is_no_wider_than_the_terminal_but_for_commands(shown: Matrix, width: int) -> None:
    too_wide = [line for line in on_terminal(shown, width) if cell_len(line) > width]
    assert [line for line in too_wide if not line.startswith("    $ ")] == []


@pytest.mark.parametrize("is_wide", [False, True])
def test_problem_is_printed_once(is_wide: bool) -> None:
    shown = matrix_of(replace(UNREAD, notes=("a note",)))
    for width in (80, 200):
        lines = on_terminal(shown, width, is_wide=is_wide)
        assert (sum("no login" in line for line in lines), "prod: a note" in lines) == (1, True)


def test_legend_has_the_glyphs_that_occur() -> None:
    quiet = on_terminal(matrix_of(Column("dev", {"xero": XERO}), Column("qa", {})), 80)
    assert "● 1 enabled  · absent  details: --wide" in quiet
    assert (
        "● 139 enabled  ○ 11 disabled  ? 1 undeclared  ✕ 17 missing  ≠ 1 drifted  ! 1 unfinished  · absent  "
        "░ not read  details: --wide"
    ) in on_terminal(TWELVE_STACKS, 160)


def test_quiet_report_has_no_alerts() -> None:
    lines = on_terminal(matrix_of(Column("dev", {"xero": XERO})), 80)
    assert lines == [
        "none of 1 need attention",
        "",
        "integration  dev",
        "xero         ● enabled 1234",
        "",
        "● 1 enabled  details: --wide",
        FOOTER,
    ]


def test_report_without_integrations_has_no_table() -> None:
    lines = on_terminal(matrix_of(UNREAD), 120)
    assert lines == [
        "1 stack not read",
        "  ░ not read  prod  state: no login  $ rootfi-pulumi doctor --stack prod",
        FOOTER,
    ]


@pytest.mark.parametrize("is_wide", [False, True])
@pytest.mark.parametrize("width", [40, 80, 160])
def test_encoding_without_the_glyphs_gets_ascii(width: int, is_wide: bool) -> None:
    written = BytesIO()
    file = TextIOWrapper(written, encoding="ascii")  # strict: another character would raise an exception
    options: dict[str, Any] = {"force_terminal": True, "color_system": None, "width": width}
    print_table(Console(file=file, _environ={}, **options), EVERY_STATE, is_wide=is_wide)
    file.flush()
    text = written.getvalue().decode("ascii")
    assert "x missing" in text
    assert ">=310 d" in text or not is_wide


def test_wide_stacks_are_printed_one_below_another() -> None:
    shown = matrix_of(*(Column(f"stack-{number}", {"xero": XERO}) for number in range(5)))
    tops = ["\n".join(on_terminal(shown, width, is_wide=True)).count("╭") for width in (300, 100, 60, 10)]
    assert tops == [1, 3, 5, 5]


def test_no_line_of_a_wide_table_is_wider_than_the_terminal() -> None:
    lines = on_terminal(TWO, 40, is_wide=True)
    assert max(len(line) for line in lines if line and line[0] in "╭│├╰") <= 40


def test_overlaps_are_above_the_table() -> None:
    lines = drawn(SHARED).splitlines()
    found = [line for line in lines if line.endswith("; `rootfi-pulumi doctor` says what to do")]
    assert [line.partition(": ")[0] for line in found] == [SAME_ID[:-2], SAME_TYPE[:-2]]
    assert lines[:3] == ["none of 2 need attention, 2 overlaps", *found]


def test_terminal_shows_an_overlap_as_a_problem() -> None:
    assert f"\x1b[31m{SAME_ID}" in drawn(SHARED, force_terminal=True, color_system="standard", width=400)


def test_terminal_colours_states() -> None:
    text = drawn(TWELVE_STACKS, force_terminal=True, color_system="standard", width=160)
    assert ["\x1b[33m✕ missing" in text, "\x1b[1;31m≠" in text, "\x1b[32m●" in text] == [True] * 3
