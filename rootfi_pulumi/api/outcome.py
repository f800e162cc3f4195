"""Classify how a POST ended: created, not created, or unknown.

RootFi has no idempotency key, so every decision to send a POST again goes through this module.
"""

from enum import Enum

from rootfi_pulumi.api.errors import ErrorAnswer, NotSent, RootFiError

# 408, 499 and 303 ("see other") can follow a create that succeeded.
_UNKNOWN_STATUS = {303, 408, 499}
# Of the 5xx, only this one means that the server did not accept the request.
_UNAVAILABLE = 503


class Outcome(Enum):
    """How a POST ended. Only after `UNKNOWN` may an integration exist that no state knows."""

    LANDED = "landed"
    NOT_SENT = "certainly not sent"
    TURNED_AWAY = "certainly turned away"
    UNKNOWN = "unknown"


def classify(error: RootFiError | None) -> Outcome:
    """Return the outcome of a `POST /integrations` that ended with this error; None means success."""
    if error is None:
        return Outcome.LANDED
    if isinstance(error, NotSent):
        return Outcome.NOT_SENT
    if isinstance(error, ErrorAnswer) and _is_turned_away(error.status):
        return Outcome.TURNED_AWAY
    return Outcome.UNKNOWN


def _is_turned_away(status: int) -> bool:
    return status == _UNAVAILABLE or (300 <= status < 500 and status not in _UNKNOWN_STATUS)  # noqa: PLR2004
