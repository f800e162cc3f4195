"""Parse the bodies of RootFi's responses.

A successful body becomes state, so it is parsed strictly. An error's body only explains, so anything goes.
"""

import json
from typing import Any

# Members of RootFi's three error shapes. `platform_error` is left out: it quotes the accounting platform.
_EXPLANATION_MEMBERS = ("message", "code", "field", "request_id")


def read_data(body: bytes) -> object:
    """Return the `data` member of RootFi's envelope.

    Raises ValueError if there is none, or if parsers could disagree on the JSON: a duplicate member, NaN.
    """
    try:
        envelope = json.loads(body, parse_constant=_reject_constant, object_pairs_hook=_reject_duplicates)
        return envelope["data"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError("not RootFi's envelope") from None


def read_explanation(body: bytes) -> dict[str, str]:
    """Return the documented members of an error's body as text; empty if it has none."""
    try:
        error = json.loads(body)["error"]
        return {name: str(error[name]) for name in _EXPLANATION_MEMBERS if error.get(name)}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _reject_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate member")
    return members
