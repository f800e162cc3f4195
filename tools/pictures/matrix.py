"""The stacks that the pictures of a report show: three, with one of each state that needs attention."""

from datetime import UTC, datetime

from rootfi_pulumi.cli.report.age import Age
from rootfi_pulumi.cli.report.drift import Drift
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State

_DEV = Column(
    "dev",
    {
        "quickbooks": Cell((State.ENABLED,), "QUICKBOOKS_SANDBOX", "acme-dev", 1202, Age(41, 41), 1),
        "sage": Cell((State.UNFINISHED,), "SAGE_CLOUD_ACCOUNTING", "acme-dev"),
        "xero": Cell((State.ENABLED,), "XERO", "acme-dev", 1201, Age(2, 2), 3),
        "zoho-books": Cell((State.DISABLED,), "ZOHO_BOOKS", "acme-dev", 1204, Age(12, 12), 1),
    },
    is_compared=True,
)
_STAGING = Column(
    "staging",
    {
        "netsuite": Cell((State.ENABLED,), "NETSUITE", "acme-staging", 2205, Age(7, 7), 1),
        "quickbooks": Cell((State.ENABLED,), "QUICKBOOKS", "acme-staging", 2202, Age(41, 41), 1),
        "sage": Cell((State.MISSING,), "SAGE_CLOUD_ACCOUNTING", "acme-staging"),
        "xero": Cell((State.ENABLED,), "XERO", "acme-staging", 2201, Age(98, 98), 2),
        "zoho-books": Cell((State.ENABLED,), "ZOHO_BOOKS", "acme-staging", 2204, Age(30, 30), 1),
    },
    is_compared=True,
)
_PROD = Column(
    "prod",
    {
        "netsuite": Cell((State.ENABLED,), "NETSUITE", "acme-prod", 3205, Age(12, 12), 2),
        "quickbooks": Cell(
            (State.DRIFTED, State.DISABLED),
            "QUICKBOOKS",
            "acme-prod",
            3202,
            Age(41, 41),
            1,
            (Drift("is_disabled", before=False, after=True),),
        ),
        "wave-pilot": Cell((State.UNDECLARED,), "WAVE", "acme-prod", 3206, Age(180, 180), 1),
        "xero": Cell((State.ENABLED,), "XERO", "acme-prod", 3201, Age(98, 98), 5),
        "zoho-books": Cell((State.ENABLED,), "ZOHO_BOOKS", "acme-prod", 3204, Age(30, 30), 1),
    },
    is_compared=True,
)

THREE_STACKS = Matrix(
    datetime(2026, 11, 25, 9, 26, tzinfo=UTC), is_refreshed=True, columns=(_DEV, _STAGING, _PROD)
)
