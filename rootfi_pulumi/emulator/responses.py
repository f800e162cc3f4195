"""Build error responses in the three shapes that RootFi documents, and in shapes that are not JSON.

See, for v3, the `rootfi-api` SDK; for write, https://docs.rootfi.dev/documentation/concepts/error-handling;
for v4, https://integrations.docs.commenda.io/api-reference/v4/core/companies/delete-company.
"""

import html
import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal
from uuid import uuid4

from rootfi_pulumi.emulator.models import timestamp

ErrorShape = Literal["v3", "write", "v4", "text", "html", "empty"]

# RootFi documents only record-already-exists, missing-params, invalid-params and unknown-error.
_CODES = {
    400: "invalid-params",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "record-already-exists",
    429: "too-many-requests",
}
WITHOUT_BODY = {204, 304}


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One HTTP response. Header names are lower case."""

    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.status in WITHOUT_BODY:
            object.__setattr__(self, "body", b"")


def error_response(
    status: int,
    message: str | None = None,
    *,
    code: str | None = None,
    field: str = "",
    shape: ErrorShape = "v3",
) -> HttpResponse:
    """Return an error in one of RootFi's shapes; message and code default to those of the status."""
    message = message if message is not None else _phrase(status)
    code = code or _CODES.get(status, "unknown-error")
    match shape:
        case "v3":
            return _json(status, {"message": message, "code": code, "field": field})
        case "write":
            return _json(status, {"code": code, "message": message, "platform_error": message})
        case "v4":
            return _json(status, _v4(status, message))
        case "text":
            return HttpResponse(status, {"content-type": "text/plain; charset=utf-8"}, _bytes(message))
        case "html":
            page = f"<html><body><h1>{status}</h1><p>{html.escape(message)}</p></body></html>"
            return HttpResponse(status, {"content-type": "text/html; charset=utf-8"}, _bytes(page))
        case "empty":
            return HttpResponse(status, {}, b"")


def _v4(status: int, message: str) -> dict[str, Any]:
    return {
        "status_code": status,
        "message": message,
        "request_id": str(uuid4()),
        "timestamp": timestamp(),
        "platform_error": None,
    }


def _json(status: int, error: dict[str, Any]) -> HttpResponse:
    # ASCII, because a message may quote a lone surrogate from the request, which UTF-8 cannot encode.
    return HttpResponse(
        status, {"content-type": "application/json"}, json.dumps({"error": error}).encode("ascii")
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
