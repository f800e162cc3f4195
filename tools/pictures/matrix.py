"""The stacks that the pictures of a report show: three, with one of each state that needs attention."""

from datetime import UTC, datetime

from rootfi_pulumi.cli.report.age import Age
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State

_DEV = Column(
    "dev",
    {
        "quickbooks": Cell((State.ENABLED,), "QUICKBOOKS_SANDBOX", "-dev", 1202, Age(41, 41), 1),
        "sage": Cell((State.UNFINISHED,), "SAGE", "-dev"),
        "xero": Cell((State.ENABLED,), "XERO", "-dev", 1201, Age(2, 2), 3),
        "zoho-books": Cell((State.DISABLED,), "ZOHO_BOOKS", "-dev", 1204, Age(12, 12), 1),
    },
)
_STAGING = Column(
    "staging",
    {
        "netsuite": Cell((State.ENABLED,), "NETSUITE", "-stg", 2205, Age(7, 7), 1),
        "quickbooks": Cell((State.ENABLED,), "QUICKBOOKS", "-stg", 2202, Age(41, 41), 1),
        "sage": Cell((State.MISSING,), "SAGE", "-stg"),
        "xero": Cell((State.ENABLED,), "XERO", "-stg", 2201, Age(98, 98), 2),
        "zoho-books": Cell((State.ENABLED,), "ZOHO_BOOKS", "-stg", 2204, Age(30, 30), 1),
    },
)
_PROD = Column(
    "prod",
    {
        "netsuite": Cell((State.ENABLED,), "NETSUITE", "prod", 3205, Age(12, 12), 2),
        "quickbooks": Cell(
            (State.DRIFTED, State.DISABLED), "QUICKBOOKS", "prod", 3202, Age(41, 41), 1, ("is_disabled",)
        ),
        "wave-pilot": Cell((State.UNDECLARED,), "WAVE", "prod", 3206, Age(180, 180), 1),
        "xero": Cell((State.ENABLED,), "XERO", "prod", 3201, Age(98, 98), 5),
        "zoho-books": Cell((State.ENABLED,), "ZOHO_BOOKS", "prod", 3204, Age(30, 30), 1),
    },
)

THREE_STACKS = Matrix(
    datetime(2026, 11, 25, 9, 26, tzinfo=UTC), is_refreshed=True, columns=(_DEV, _STAGING, _PROD)
)
