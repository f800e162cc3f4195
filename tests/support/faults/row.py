"""A row of the fault matrix: its possible outcomes, and what the server answers in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

AGAIN = " ↻"
"""The request is retried until it succeeds or the call's timeout ends."""

# The outcome of a POST, a GET, a PUT.
Outcomes = tuple[str, str, str]
DONE: Outcomes = ("done", "done", "done")
REFUSED: Outcomes = ("error", "error", "error")
UNKNOWN: Outcomes = ("unfinished", "error", "error")
# The server did not accept the request, but may accept a retry.
NOT_TAKEN: Outcomes = ("error ↻", "error ↻", "error ↻")
NOT_TAKEN_ONCE: Outcomes = ("done ↻", "done ↻", "done ↻")
# A POST may have succeeded, so it is not retried. A GET and a PUT are idempotent.
LOST: Outcomes = ("unfinished", "error ↻", "error ↻")
LOST_ONCE: Outcomes = ("unfinished", "done ↻", "done ↻")

ID = 1234
"""The id of the only integration in each cell."""
SECRET = "secret/of+rootfi"
TIMEOUT = 5
"""The timeout of a call, in seconds."""

RIGHT = {"rootfi_id": ID, "client_secret": SECRET}
RIGHT_BODY = json.dumps({"data": RIGHT})


@dataclass(frozen=True)
class Row:
    """A fault: its name, the members of the emulator's `Fault`, and the expected outcome of each request.

    `cells` overrides outcomes by operation, such as "read first"; None if the fault cannot occur there.
    `waits` is the minimum number of seconds before a retry.
    """

    name: str
    fault: dict[str, Any] = field(repr=False)
    outcomes: Outcomes
    cells: Mapping[str, str | None] = field(default_factory=dict)
    waits: float = 0


def answered(body: str | bytes, **members: Any) -> dict[str, Any]:
    """Return a fault whose request takes effect and gets this body as its response."""
    return {"body": body, "processed": True, **members}


def with_data(**members: Any) -> dict[str, Any]:
    return answered(json.dumps({"data": RIGHT | members}))


def with_headers(status: int, **headers: object) -> dict[str, Any]:
    return {
        "status": status,
        "headers": {name.replace("_", "-"): str(value) for name, value in headers.items()},
    }


def raw_answer(*parts: bytes) -> dict[str, Any]:
    return {"raw": b"".join(parts), "processed": True}


def once(fault: dict[str, Any]) -> dict[str, Any]:
    return {**fault, "times": 1}
