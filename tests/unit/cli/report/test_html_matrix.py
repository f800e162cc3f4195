import re
from datetime import UTC, datetime

import pytest

from rootfi_pulumi.cli.report.attention import find_attention
from rootfi_pulumi.cli.report.html_matrix import render_matrix
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State
from tests.support.pages.parsed import Parsed, words_of

NOW = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
LONG_ID = "ABrWTkq0h2Jm4vXz81nP6yLsC3dE7fGu9oQ5tRiK7Qd"


def table_of(*columns: Column) -> str:
    matrix = Matrix(NOW, is_refreshed=True, columns=columns)
    return render_matrix(matrix, find_attention(matrix))


def test_a_type_common_to_all_stacks_appears_once_by_the_name() -> None:
    def cells(integration_type: str) -> dict[str, Cell]:
        return {"a": Cell((State.ENABLED,), integration_type)}

    same = words_of(table_of(Column("dev", cells("ZOHO_BOOKS")), Column("prod", cells("ZOHO_BOOKS"))))
    other = words_of(table_of(Column("dev", cells("XERO")), Column("prod", cells("SAGE"))))
    assert (same.count("ZOHO_BOOKS"), other.count("type XERO"), other.count("type SAGE")) == (1, 1, 1)


@pytest.mark.parametrize(("number", "extent"), [(1, "roomy"), (6, "roomy"), (7, "dense"), (12, "dense")])
def test_table_is_dense_from_seven_environments(number: int, extent: str) -> None:
    columns = (Column(f"s{each}", {"a": Cell((State.ENABLED,))}) for each in range(number))
    assert f'<div class="extent {extent}">' in table_of(*columns)


def test_a_client_id_is_shown_whole() -> None:
    words = words_of(table_of(Column("dev", {"a": Cell((State.ENABLED,), "XERO", LONG_ID, 1234)})))
    assert f"id 1234 client {LONG_ID}" in words


def test_each_button_opens_and_closes_the_details_next_to_it() -> None:
    cells = {name: Cell((State.ENABLED,)) for name in "ab"}
    page = Parsed(table_of(Column("dev", cells), Column("prod", cells)))
    opened = page.values("popovertarget")
    assert opened == [each["id"] for tag, each in page.elements if "popover" in each for _ in range(2)]
    assert len(set(opened)) == 4


def test_details_end_with_the_command_for_what_needs_attention() -> None:
    cells = {"a": Cell((State.MISSING,)), "b": Cell((State.ENABLED,))}
    [todo] = re.findall(r'class="advice">To do: (.*?)</p>', table_of(Column("dev", cells)))
    assert "<code>pulumi up --stack dev</code>" in todo


def test_filter_counts_states_below_the_most_urgent_too() -> None:
    column = Column("dev", {"a": Cell((State.DRIFTED, State.DISABLED)), "b": Cell((State.DISABLED,))})
    found = re.findall(r'value="(\w+)">.*?class="count">(\d+)<', table_of(column))
    assert found == [("drifted", "1"), ("disabled", "2")]
