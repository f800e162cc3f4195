"""A matrix with every state, remark, overlap and kind of cell that a report can have."""

from datetime import UTC, datetime

from rootfi_pulumi.cli.report.age import Age
from rootfi_pulumi.cli.report.drift import GONE, Drift
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.declaration.one_organisation import Holding, Shared

_CHANGED = (Drift("client_id", "acme-accounting-stg", "acme-by-hand"), Drift("client_secret"))
_SWITCHED_OFF = (Drift("is_disabled", before=False, after=True),)

_DEV = Column(
    "dev",
    {
        "xero": Cell((State.ENABLED,), "XERO", "acme-accounting-dev", 1201, Age(2, 41), 3),
        "quickbooks": Cell(
            (State.ENABLED,),
            "QUICKBOOKS",
            "ABrWTkq0h2Jm4vXz81nP6yLsC3dE7fGu9oQ5tRiK7Qd",
            1202,
            Age(41, 41),
            1,
        ),
        "sage-accounting": Cell((State.UNFINISHED,), "SAGE", "9fA2"),
        "zoho-books": Cell((State.DISABLED,), "ZOHO_BOOKS", "b0ok", 1204, Age(0, 12), 1),
        "netsuite": Cell((State.ENABLED,), "NETSUITE_SANDBOX", "sbx1", 1205, Age(7, 7), 1),
        "freshbooks-pilot": Cell((State.MISSING,), "FRESHBOOKS", "pi1t"),
    },
    notes=("its declaration is encrypted",),
)
_STAGING = Column(
    "staging",
    {
        "xero": Cell((State.DRIFTED,), "XERO", "acme-accounting-stg", 2201, Age(98, 120), 2, _CHANGED),
        "quickbooks": Cell((State.ENABLED,), "QUICKBOOKS", "m2Xs", 2202, Age(None, 120), 1),
        "sage-accounting": Cell((State.MISSING,), "SAGE", "7cB1"),
        "zoho-books": Cell((State.UNDECLARED, State.DISABLED), "ZOHO_BOOKS", "b1ok", 2204, Age(30, 60), 1),
        "netsuite": Cell((State.ENABLED,), "NETSUITE_SANDBOX", "sbx2", 2205, Age(1, 1), 1),
    },
)
_PRODUCTION = Column(
    "production",
    {
        "xero": Cell((State.ENABLED,), "XERO", "acme-accounting-prod", 3201, Age(180, 400), 5),
        "quickbooks": Cell(
            (State.DRIFTED,),
            "QUICKBOOKS",
            "ABrWTkq0h2Jm4vXz81nP6yLsC3dE7fGu9oQ5tRip9Lw",
            3202,
            Age(20, 20),
            1,
            (Drift(GONE),),
        ),
        "zoho-books": Cell(
            (State.DRIFTED, State.DISABLED), "ZOHO_BOOKS", "b2ok", 3204, Age(9, 60), 1, _SWITCHED_OFF
        ),
        "netsuite": Cell((State.ENABLED,), "NETSUITE", "", 3205, Age(310, None), 2),
    },
)
_UNREAD = Column(
    "prod-eu",
    {},
    is_known=False,
    problems=("state: pulumi stack export: error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE",),
)

EVERY_STATE = Matrix(
    datetime(2026, 3, 14, 9, 26, tzinfo=UTC),
    is_refreshed=True,
    columns=(_DEV, _STAGING, _PRODUCTION, _UNREAD),
    shared=(Shared(1204, (Holding("dev", "zoho-books"), Holding("staging", "zoho-books"))),),
)
