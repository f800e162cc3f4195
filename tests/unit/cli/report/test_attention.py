"""What the report says first: what needs attention, and the command for it."""

from datetime import UTC, datetime

import pytest

from rootfi_pulumi.cli.report.attention import Attention, count_attention, find_attention
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.declaration.one_organisation import Holding, Shared

NOW = datetime(2026, 11, 25, 12, 47, tzinfo=UTC)
ENABLED = Cell((State.ENABLED,))
MISSING = Cell((State.MISSING,))
UNDECLARED = Cell((State.UNDECLARED, State.DISABLED))
UNFINISHED = Cell((State.UNFINISHED, State.MISSING))


def matrix(*columns: Column) -> Matrix:
    return Matrix(NOW, is_refreshed=False, columns=columns)


def test_attention_is_by_state_with_production_first() -> None:
    columns = (
        Column("dev", {"xero": UNDECLARED, "a": MISSING}),
        Column("qa", {"xero": UNFINISHED, "wave": ENABLED}),
        Column("prod", {"xero": MISSING, "busy": MISSING}),
    )
    assert find_attention(matrix(*columns)) == [
        Attention("unfinished", "qa", ("xero",), "rootfi-pulumi doctor --stack qa", "lists the steps"),
        Attention(
            "missing", "prod", ("busy", "xero"), "pulumi up --stack prod", "nothing is deployed there yet"
        ),
        Attention("missing", "dev", ("a",), "pulumi up --stack dev", "also disables xero"),
        Attention("undeclared", "dev", ("xero",), "pulumi up --stack dev", "disables it, also sets up a"),
    ]
    assert count_attention(matrix(*columns)) == "5 of 6 need attention, in 3 of 3 stacks"


def test_attention_sends_a_stack_of_another_backend_to_doctor() -> None:
    found = find_attention(matrix(Column("dev", {"xero": MISSING}, exists=False)))
    assert [each.command for each in found] == ["rootfi-pulumi doctor --stack dev"]


def test_second_integration_of_an_organisation_is_for_doctor() -> None:
    shared = (Shared("XERO", (Holding("dev", "xero", key=b"k"), Holding("new", "mine", key=b"k"))),)
    columns = (Column("new", {"mine": MISSING, "wave": ENABLED}), Column("dev", {"xero": ENABLED}))
    found = find_attention(Matrix(NOW, is_refreshed=False, columns=columns, shared=shared))
    assert [(each.command, each.effect) for each in found] == [
        ("rootfi-pulumi doctor --stack new", "pulumi up would create it twice")
    ]


@pytest.mark.parametrize(
    ("other", "what"), [("wave", "it"), ("xero", "them")], ids=["one of one", "both of two"]
)
def test_doctor_is_for_as_many_as_would_be_created_twice(other: str, what: str) -> None:
    holdings = [Holding(stack, name, key=b"k") for stack in ("dev", "new") for name in {"wave", other}]
    shared = tuple(Shared(name.upper(), tuple(holdings)) for name in {"wave", other})
    columns = (Column("new", dict.fromkeys({"wave", other}, MISSING) | {"busy": ENABLED}),)
    [found] = find_attention(Matrix(NOW, is_refreshed=False, columns=columns, shared=shared))
    assert found.effect == f"pulumi up would create {what} twice"


def test_unfinished_create_comes_before_any_other_command() -> None:
    cells = {"lost": UNFINISHED, "gone": UNDECLARED, "new": MISSING}
    found = find_attention(matrix(Column("dev", cells)))
    assert {each.command for each in found} == {"rootfi-pulumi doctor --stack dev"}
    assert [each.effect for each in found] == ["lists the steps", *["resolve lost first"] * 2]


def test_attention_names_each_trouble_of_a_stack_once() -> None:
    columns = (
        Column("dev", {}, is_known=False, problems=("state: no", "declaration: stacks/x:1: no")),
        Column("qa", {"xero": ENABLED}, problems=("cannot check for drift: no",)),
    )
    doctor = "rootfi-pulumi doctor --stack"
    assert find_attention(matrix(*columns)) == [
        Attention("not compared", "qa", (), f"{doctor} qa", reasons=("cannot check for drift: no",)),
        Attention("file refused", "dev", (), f"{doctor} dev", reasons=("declaration: stacks/x:1: no",)),
        Attention("not read", "dev", (), f"{doctor} dev", reasons=("state: no",)),
    ]
    headline = "none of 1 need attention, 1 stack not read, 1 stack not compared, 1 stack file refused"
    assert count_attention(matrix(*columns)) == headline


@pytest.mark.parametrize(
    ("columns", "headline"),
    [
        ((), "no integrations"),
        ((Column("dev", {"xero": ENABLED, "busy": MISSING}),), "1 of 2 needs attention"),
        ((Column("dev", {}, is_known=False, problems=("state: no",)),), "1 stack not read"),
    ],
)
def test_headline_counts_what_needs_attention(columns: tuple[Column, ...], headline: str) -> None:
    assert count_attention(matrix(*columns)) == headline
