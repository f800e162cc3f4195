"""The table with a line for each integration, in the widest form that fits."""

import pytest
from rich.cells import cell_len

from rootfi_pulumi.cli.report.grid import Form, draw_grid
from rootfi_pulumi.cli.report.matrix import Column, Matrix
from tests.support.pages.large_matrix import TWELVE_STACKS
from tests.support.pages.small_matrix import XERO, matrix_of
from tests.support.pulumi_project import REPOSITORY


def lines_of(shown: Matrix, width: int) -> list[str]:
    return [line.plain for line in draw_grid(shown, width, str).lines]


@pytest.mark.parametrize(
    ("width", "form"),
    [(1000, Form.WORDS), (160, Form.IDS), (122, Form.IDS), (100, Form.GLYPHS), (80, Form.GLYPHS)],
)
def test_grid_has_the_widest_form_that_fits(width: int, form: Form) -> None:
    assert draw_grid(TWELVE_STACKS, width, str).form is form


def test_name_wider_than_its_column_is_on_a_step() -> None:
    columns = (Column(name, {"xero": XERO}) for name in ("development", "staging-eu", "production"))
    assert lines_of(matrix_of(*columns), 39) == [
        "   development       staging-eu",
        "integration  │       │       production",
        "xero         ● 1234  ● 1234  ● 1234",
    ]


@pytest.mark.parametrize("width", [80, 122])
def test_each_step_leads_to_its_column(width: int) -> None:
    lines = lines_of(TWELVE_STACKS, width)
    steps, busy = lines[:6], lines[6]
    starts = [index for index, glyph in enumerate(busy) if glyph in "●○✕·░"]
    for number, column in enumerate(TWELVE_STACKS.columns):
        [level] = [level for level, step in enumerate(steps) if column.stack in step.split()]
        # On the left of the middle, a name ends above its column; on the right, it begins there.
        place = (steps[level] + " ").index(f"{column.stack} ", 0 if number < 6 else starts[5])
        if number < 6:
            place += len(column.stack) - 1
        assert place == starts[number]
        assert {step[starts[number]] for step in steps[level + 1 :]} <= {"│"}


def test_stacks_that_fit_in_no_form_are_one_below_another() -> None:
    lines = lines_of(TWELVE_STACKS, 40)
    assert max(map(cell_len, lines)) <= 40
    tables = "\n".join(lines).split("\n\n")
    assert len(tables) == 3
    stacks = [column.stack for column in TWELVE_STACKS.columns]
    assert sorted(word for word in " ".join(lines).split() if word in stacks) == sorted(stacks)
    assert [table.count("\nbusy ") for table in tables] == [1, 1, 1]


def test_long_name_is_shortened_in_the_middle() -> None:
    lines = lines_of(matrix_of(Column("s" * 80, {"begin" + "x" * 70 + "end": XERO})), 40)
    assert max(map(cell_len, lines)) <= 40
    assert (lines[-1].startswith("begin"), "end  ● " in lines[-1]) == (True, True)


def test_columns_are_aligned_behind_wide_characters() -> None:
    shown = matrix_of(Column("開発", {"会計ソフト": XERO, "xero": XERO}), Column("prod", {"xero": XERO}))
    heading, narrow, wide = lines_of(shown, 60)
    places = [
        cell_len(line[: line.index(mark)]) for line, mark in ((heading, "開発"), (wide, "●"), (narrow, "●"))
    ]
    assert len(set(places)) == 1
    assert cell_len(heading[: heading.index("prod")]) == cell_len(wide[: wide.index("·")])


def test_guide_shows_the_steps_of_twelve_stacks() -> None:
    lines = [line for line in lines_of(TWELVE_STACKS, 80) if line[0] == " " or line[:3] in ("int", "odo")]
    guide = (REPOSITORY / "docs" / "report.md").read_text(encoding="utf-8")
    assert "\n".join(lines) in guide
