"""A response as the page shows it: secrets masked, and bounded in size."""

from typing import Any, Literal

from rootfi_pulumi.api.protocol import RETRY_AFTER_HEADER
from rootfi_pulumi.emulator.models import Error, Integration, IntegrationAnswer
from rootfi_pulumi.emulator.rate_limit import LIMIT, REMAINING, RESET
from rootfi_pulumi.emulator.recording import MASKED, parsed
from rootfi_pulumi.emulator.responses import HttpResponse

Received = Literal["all", "part", "nothing", "raw"]
"""What the client received of a response; "raw" means a fault's bytes instead of one."""

_SHOWN_HEADERS = {
    "allow",
    "content-length",
    "content-type",
    RETRY_AFTER_HEADER.lower(),
    LIMIT,
    REMAINING,
    RESET,
}
_MESSAGES = {"message", "platform_error"}
# An allowlist, like that of the requests. `metadata` may hold anything.
_SHOWN_MEMBERS = (
    {name for name, member in Integration.model_fields.items() if member.repr and name != "metadata"}
    | {"request_timestamp", "response_timestamp", "request_id"}
    | Error.model_fields.keys()
    | {"status_code", "timestamp", "platform_error"}
)
_NESTED = {"data", "error"} & (IntegrationAnswer.model_fields.keys() | {"error"})
_LONGEST_TEXT = 500
_MOST_MEMBERS = 50


def shown_response(answer: HttpResponse | bytes, *, is_own: bool) -> dict[str, Any]:
    """Return a response as JSON values, with "***" for everything that may be a key or a secret.

    `is_own` means that the emulator wrote every text in it. Otherwise a fault brought a text, which may quote
    a secret, so that messages are masked too.
    """
    if isinstance(answer, bytes):
        return {"status": None, "headers": {}, "body": MASKED, "bytes": len(answer)}
    return {
        "status": answer.status,
        "headers": {
            name: value if name in _SHOWN_HEADERS else MASKED for name, value in answer.headers.items()
        },
        "body": _masked(parsed(answer.body), is_own=is_own),
        "bytes": len(answer.body),
    }


def bounded(value: Any) -> Any:
    """Return JSON values with long texts cut and with the first members only, for a page that stays quick."""
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return f"{value[:_LONGEST_TEXT]}… ({len(value):,} characters)"
    if isinstance(value, dict):
        kept = {bounded(name): bounded(each) for name, each in list(value.items())[:_MOST_MEMBERS]}
        left_out = len(value) - _MOST_MEMBERS
        return kept | ({"…": f"{left_out:,} more"} if left_out > 0 else {})
    return value


def _masked(body: Any, *, is_own: bool) -> Any:
    if body is None:
        return None
    if not isinstance(body, dict):
        return body if is_own and isinstance(body, str) else MASKED
    return {name: _masked_member(name, value, is_own=is_own) for name, value in body.items()}


def _masked_member(name: str, value: Any, *, is_own: bool) -> Any:
    if name in _NESTED and isinstance(value, dict):
        return _masked(value, is_own=is_own)
    if name == "metadata" and value == {}:
        return value
    is_shown = name in _SHOWN_MEMBERS and (is_own or name not in _MESSAGES)
    # Null is how some settings hide a secret, so it is worth showing.
    return value if value is None or (is_shown and isinstance(value, str | int | float)) else MASKED
