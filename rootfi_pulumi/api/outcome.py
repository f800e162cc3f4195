"""What became of a POST: RootFi has no idempotency key, so nothing else may decide to send it again."""

from enum import Enum

from rootfi_pulumi.api.errors import ErrorAnswer, NotSent, RootFiError

# A time-out or failure behind the answer (408, 5xx) and "see other" (303) may follow a create that
# landed; 503 and 429 say that the request was not taken.
_UNKNOWN_STATUS = {303, 408, 499}
_UNAVAILABLE = 503


class Outcome(Enum):
    """`UNKNOWN` is the only one after which an untracked integration may exist."""

    LANDED = "landed"
    NOT_SENT = "certainly not sent"
    TURNED_AWAY = "certainly turned away"
    UNKNOWN = "unknown"


def outcome(error: RootFiError | None) -> Outcome:
    """Tell the outcome of `POST /integrations` from the error that it ended with; None is success."""
    if error is None:
        return Outcome.LANDED
    if isinstance(error, NotSent):
        return Outcome.NOT_SENT
    if isinstance(error, ErrorAnswer) and _turned_away(error.status):
        return Outcome.TURNED_AWAY
    return Outcome.UNKNOWN


def _turned_away(status: int) -> bool:
    return status == _UNAVAILABLE or (300 <= status < 500 and status not in _UNKNOWN_STATUS)  # noqa: PLR2004
