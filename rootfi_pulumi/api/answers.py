"""Reads the bodies of RootFi's answers: strictly where they become state, leniently where they explain."""

import json
from typing import Any

# In RootFi's three error shapes; `platform_error` repeats what the platform said and is left out.
_EXPLAINING = ("message", "code", "field", "request_id")


def data_of(body: bytes) -> object:
    """Return the `data` member of RootFi's envelope.

    Raises ValueError where there is none, and for JSON that two readers could understand differently:
    a member that stands twice, NaN.
    """
    try:
        envelope = json.loads(body, parse_constant=_refuse_constant, object_pairs_hook=_unrepeated)
        return envelope["data"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError("not RootFi's envelope") from None


def explanation_of(body: bytes) -> dict[str, str]:
    """Return what an error's body explains by the documented members; nothing if it has none of them."""
    try:
        error = json.loads(body)["error"]
        return {name: str(error[name]) for name in _EXPLAINING if error.get(name)}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members
