"""A matrix of 12 stacks and 18 integrations, of which few need attention, as in a company of some size."""

from datetime import UTC, datetime

from rootfi_pulumi.cli.report.age import Age
from rootfi_pulumi.cli.report.drift import Drift
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State

_STACKS = (
    *("dev", "dev-eu", "sandbox", "qa", "demo", "staging", "staging-eu"),
    *("prod-eu", "prod-in", "prod-mena", "prod-us", "prod-za"),
)
_NAMES = (
    *("busy", "mekari-jurnal", "ms-dynamics-365", "myob-business", "netsuite", "odoo-accounting"),
    *("partner-portal", "qoyod", "quickbooks", "quickbooks-sandbox", "rootfi-sandbox"),
    *("sage-cloud-accounting", "sage-za-cloud-accounting", "tally", "wafeq", "wave", "xero", "zoho-books"),
)
_UNREAD, _NEW = "demo", "prod-mena"
_OTHERS = {
    ("qa", "odoo-accounting"): Cell((State.UNFINISHED,), "ODOO_ACCOUNTING", "acme-odoo-qa"),
    ("staging", "partner-portal"): Cell((State.MISSING,), "QUICKBOOKS", "acme-partner-portal"),
    ("staging", "xero"): Cell((State.UNDECLARED,), "XERO", "acme-xero-staging", 1306, Age(12, 40), 1),
    ("prod-us", "quickbooks"): Cell(
        (State.DRIFTED, State.DISABLED),
        "QUICKBOOKS",
        "ABrWTkq0h2Jm4vXz81nP6yLsC3dE7fGu9oQ5tRiK7Qd",
        1388,
        Age(0, 120),
        2,
        (Drift("is_disabled", before=False, after=True),),
    ),
}


def _column(number: int, stack: str) -> Column:
    if stack == _UNREAD:
        problem = "state: pulumi stack export: error: could not open bucket: no credentials found"
        return Column(stack, {}, is_known=False, problems=(problem,))
    cells = {}
    for row, name in enumerate(_NAMES):
        other = _OTHERS.get((stack, name))
        if cell := other or _cell(number, row, stack, name):
            cells[name] = cell
    notes = ("nothing is deployed",) if stack == _NEW else ()
    return Column(stack, cells, is_compared=True, notes=notes)


def _cell(number: int, row: int, stack: str, name: str) -> Cell | None:
    if name == "partner-portal" or (number * 5 + row * 3) % 11 == 0:
        return None
    kind, client_id = name.upper().replace("-", "_"), f"acme-{name}-{stack}"
    if stack == _NEW:
        return Cell((State.MISSING,), kind, client_id)
    state = State.DISABLED if (number * 7 + row * 5) % 13 == 0 else State.ENABLED
    return Cell((state,), kind, client_id, 1200 + 18 * number + row, Age(row * 3, 20 + row * 9), 1)


TWELVE_STACKS = Matrix(
    datetime(2026, 3, 14, 9, 26, tzinfo=UTC),
    is_refreshed=True,
    columns=tuple(_column(number, stack) for number, stack in enumerate(_STACKS)),
)
