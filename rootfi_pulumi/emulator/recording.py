"""Recorded requests: plain for tests, with secrets masked wherever they are shown."""

import json
from dataclasses import dataclass
from typing import Any

from rootfi_pulumi.emulator.models import IntegrationToCreate, IntegrationToReplace

MASKED = "***"
"""What the emulator shows in place of a key or a secret."""

# Allowlists, because a client may send a secret under any name. The models mark secrets with repr=False.
_SHOWN_MEMBERS = {
    name
    for model in (IntegrationToCreate, IntegrationToReplace)
    for name, member in model.model_fields.items()
    if member.repr
}
_SHOWN_HEADERS = {
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "host",
    "user-agent",
}


@dataclass(slots=True, repr=False, eq=False)
class RecordedRequest:
    """One request as it arrived. Its key and secrets are plain here and masked in `repr()`.

    `path` has no query; `organisation_id` and its name are None without a known key; header names are in
    lower case.
    `body` is the parsed JSON, or the text if it is not JSON, or None if it is empty. `status` is None until
    the response starts, and stays None if there is none.
    """

    method: str
    path: str
    organisation_id: int | None
    headers: dict[str, str]
    body: Any
    status: int | None = None
    query: str = ""
    organisation_name: str | None = None

    def body_member(self, name: str) -> str | None:
        """Return a member of the body, or None if the body is not an object or the member is not text."""
        value = self.body.get(name) if isinstance(self.body, dict) else None
        return value if isinstance(value, str) else None

    def masked(self) -> dict[str, Any]:
        """Return the members, with "***" for everything that may be a key or a secret."""
        return {
            "method": self.method,
            "path": self.path,
            "query": _masked_query(self.query),
            "organisation_id": self.organisation_id,
            "organisation_name": self.organisation_name,
            "headers": {
                name: value if name in _SHOWN_HEADERS else MASKED for name, value in self.headers.items()
            },
            "body": _masked_body(self.body),
            "status": self.status,
        }

    def __repr__(self) -> str:
        return f"RecordedRequest({', '.join(f'{name}={value!r}' for name, value in self.masked().items())})"


def parsed(body: bytes) -> Any:
    """Return the parsed JSON of a body, or its text if it is not JSON, or None if it is empty."""
    if not body:
        return None
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


def _masked_body(body: Any) -> Any:
    if body is None:
        return None
    if not isinstance(body, dict):
        return MASKED
    return {
        name: value if name in _SHOWN_MEMBERS and isinstance(value, str | bool | None) else MASKED
        for name, value in body.items()
    }


def _masked_query(query: str) -> str:
    # RootFi's endpoints have no query, so any value may be a secret; a part without "=" is all value.
    parts = [part.partition("=") for part in query.split("&") if part]
    return "&".join(f"{name}={MASKED}" if separator else MASKED for name, separator, _ in parts)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
