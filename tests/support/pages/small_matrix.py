"""Small matrices for the formats of a report, and names that try to inject markup."""

from datetime import UTC, datetime

from rootfi_pulumi.cli.report.age import Age
from rootfi_pulumi.cli.report.drift import Drift
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.declaration.one_organisation import Holding, Shared

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    "a|b\\|c",
    "`a` ``b``",
    "[x](javascript:alert(1)) ![i](//evil)",
    "**bold** _x_ ~~y~~ # - 1. &lt;",
    "[red]x[/red][link=https://evil]",
    "@somebody #1 https://evil www.evil.com",
    "</code></td><img src=x onerror=y>",
    "\"\\u0000'",
)
XERO = Cell((State.ENABLED,), "XERO", "my-app", 1234, Age(0, 98), 1)
DRIFTED = Cell((State.DRIFTED, State.DISABLED), "XERO", "my-app", 1235, None, 2, (Drift("client_secret"),))
UNREAD = Column("prod", {}, is_known=False, problems=("state: no login",))


def matrix_of(*columns: Column) -> Matrix:
    return Matrix(NOW, is_refreshed=False, columns=columns)


TWO = matrix_of(Column("dev", {"xero": XERO, "wave": DRIFTED}, notes=("a note",)), UNREAD)

_KEY = b"digest"
SHARED = Matrix(
    NOW,
    is_refreshed=False,
    columns=(Column("dev", {"xero": XERO}), Column("u", {"xero": XERO})),
    shared=(
        Shared(1234, (Holding("dev", "xero", key=_KEY), Holding("u", "xero", key=_KEY))),
        Shared("WAVE", (Holding("dev", "wave", key=_KEY), Holding("u", "wave", key=_KEY))),
    ),
)
SAME_ID = "dev and u manage the same integration, 1234 (xero): "
SAME_TYPE = "dev and u have the same API key and each has WAVE (wave): "
