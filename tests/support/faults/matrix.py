"""The fault matrix: every fault, in every operation, from its first or its second request.

Run as a script, it writes docs/faults.md.
"""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

from tests.support.faults.row import TIMEOUT, Row
from tests.support.faults.rows import ROWS

PAGE = Path(__file__).parents[3] / "docs" / "faults.md"
OPERATIONS = {
    "create": ("POST", "PUT"),
    "read": ("GET", "GET"),
    "update": ("PUT", "PUT"),
    "delete": ("GET", "PUT"),
    "adopt": ("GET", "PUT"),
}
"""Each with its two requests, some of which are those of two runs; the page says why these."""
BEGINS = ("first", "second")

_HEAD = f"""\
# Faults

The outcome of each operation when RootFi, or anything on the way to it, fails. A test plays each cell below over a real
socket: the fault affects the operation's first request or its second, and lasts; with "once", it ends after one
request. A call may take {TIMEOUT} seconds there (`rootfi:timeoutSeconds`; the default is 120), on a clock on which
waiting takes no time.

| outcome | meaning |
|---|---|
| done | the operation succeeds, perhaps later |
| error | the run fails with one line that names the request, why, and what to do. What RootFi has applied is in the state; run it again |
| unfinished | the run fails, and the state holds the integration with an output `unfinished` that says why: a create that may have happened, or one that happened and could not be disabled as declared |
| gone | RootFi itself reports that the integration does not exist; it is removed from the state |
| ↻ | the request is retried until it succeeds or the time is up. A POST that may have created something is never retried |

After each cell, every live integration at RootFi is in the state or in such an output, and no line shows a secret. Once
the fault is over, the next step of [recovery.md](recovery.md) ends with RootFi as declared.

| operation | first request | second request |
|---|---|---|
| create, with `is_disabled: true` | the POST | the PUT that disables |
| read | the GET of a refresh | the GET of another refresh |
| update | the PUT of an update | the PUT of another update |
| delete | the GET for a secret whose variable has changed since | the PUT that disables |
| adopt | the GET | the PUT of the next `pulumi up`, which applies what differs |
"""


@dataclass(frozen=True)
class Cell:
    """One fault in one operation; `begin` is the first request that it meets."""

    row: Row
    operation: str
    begin: str

    def __str__(self) -> str:
        return f"{self.operation}-{self.begin}-{self.row.name}"

    @property
    def method(self) -> str:
        """Of the request that the fault meets."""
        return OPERATIONS[self.operation][BEGINS.index(self.begin)]

    @property
    def expected(self) -> str | None:
        """What must become of the operation, or None where the fault cannot be."""
        override = f"{self.operation} {self.begin}"
        if override in self.row.cells:
            return self.row.cells[override]
        of_request = dict(zip(("POST", "GET", "PUT"), self.row.outcomes, strict=True))[self.method]
        if (self.operation, self.begin) == ("create", "second"):
            # What landed and is not as declared must not be forgotten.
            return of_request.replace("error", "unfinished")
        return of_request


def cells_of(row: Row) -> list[Cell]:
    """In the order of the page's columns."""
    return [Cell(row, operation, begin) for operation, begin in product(OPERATIONS, BEGINS)]


CELLS = [cell for row in ROWS for cell in cells_of(row) if cell.expected]


def page() -> str:
    """docs/faults.md."""
    columns = [f"{operation}: {begin}" for operation, begin in product(OPERATIONS, BEGINS)]
    lines = [["fault", *columns], ["---"] * (len(columns) + 1)]
    lines += [[row.name, *(cell.expected or "-" for cell in cells_of(row))] for row in ROWS]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"{_HEAD}\n{len(ROWS)} faults, {len(CELLS)} cells:\n\n{table}"


if __name__ == "__main__":
    PAGE.write_text(page())
