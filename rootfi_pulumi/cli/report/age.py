"""Bounds on the age of an integration's credential, from RootFi's timestamps.

RootFi shows when an integration was created and last changed, but not when its secret was set. So the secret
is at least as old as the last change, and at most as old as the integration.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Age:
    """An age in whole days. None is an unknown bound."""

    at_least: int | None
    at_most: int | None

    def __str__(self) -> str:
        if self.at_most is None:
            return f"≥{self.at_least} d"
        if self.at_least is None:
            return f"≤{self.at_most} d"
        return f"{self.at_most} d" if self.at_least == self.at_most else f"{self.at_least}-{self.at_most} d"

    @property
    def words(self) -> str:
        """The age in words, such as "between 3 and 98 days"."""
        if self.at_most is None:
            return f"at least {_days(self.at_least or 0)}"
        if self.at_least is None:
            return f"at most {_days(self.at_most)}"
        if self.at_least == self.at_most:
            return _days(self.at_most)
        return f"between {self.at_least} and {_days(self.at_most)}"


def age_of(outputs: Mapping[str, Any], now: datetime) -> Age | None:
    """Return the bounds from `rootfi_updated_at` and `rootfi_created_at`, or None without either."""
    at_least = _since(outputs.get("rootfi_updated_at"), now)
    at_most = _since(outputs.get("rootfi_created_at"), now)
    if at_least is None and at_most is None:
        return None
    if at_least is not None and at_most is not None:
        # The bounds stay in order even if RootFi's clock was set back.
        at_least = min(at_least, at_most)
    return Age(at_least, at_most)


def _since(text: object, now: datetime) -> int | None:
    try:
        when = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if when is None:
        return None
    return max(0, (now - (when if when.tzinfo else when.replace(tzinfo=UTC))).days)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
