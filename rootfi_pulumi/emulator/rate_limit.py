"""The rate limit of an organisation: RootFi's documented limit, and how much of it is left.

See https://integrations.docs.commenda.io/api-reference/v4/overview/environments: 100 requests a minute for an
API key, and `X-RateLimit-*` in every response. The unit of `-Reset` and `Retry-After` are not documented.
"""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rootfi_pulumi.api.protocol import (
    RATE_LIMIT_HEADER,
    RATE_LIMIT_REMAINING_HEADER,
    RATE_LIMIT_RESET_HEADER,
    RETRY_AFTER_HEADER,
)
from rootfi_pulumi.emulator.responses import HttpResponse, error_response

LIMIT = RATE_LIMIT_HEADER.lower()
REMAINING = RATE_LIMIT_REMAINING_HEADER.lower()
RESET = RATE_LIMIT_RESET_HEADER.lower()
RETRY_AFTER = RETRY_AFTER_HEADER.lower()
# In the form of an OpenAPI document. None is required, because by default there is no limit.
DOCUMENTED_HEADERS = {
    LIMIT: {"description": "The number of requests in a window", "schema": {"type": "integer", "minimum": 1}},
    REMAINING: {"description": "The number of requests left", "schema": {"type": "integer", "minimum": 0}},
    RESET: {"description": "When the window ends", "schema": {"type": "number", "minimum": 0}},
}


class RateLimit(BaseModel):
    """A number of requests that one organisation may send in a window of time.

    requests: the number of requests in a window; any more get a 429 and have no effect.
    seconds: the length of a window, which starts with its first request.
    reset: the unit of `X-RateLimit-Reset`: seconds from now, or a point in time.
    retry_after: the form of `Retry-After` in a 429: seconds, an HTTP date, or None for no such header.

    Times are rounded up, so that a client that waits that long meets a new window: to whole seconds, or, for
    `X-RateLimit-Reset` of a window shorter than a second, to milliseconds, which keeps tests fast.

    Raises `pydantic.ValidationError`, a `ValueError`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    requests: int = Field(default=100, ge=1)
    seconds: float = Field(default=60.0, gt=0, allow_inf_nan=False)
    reset: Literal["seconds", "epoch_seconds", "epoch_milliseconds"] = "seconds"
    retry_after: Literal["seconds", "date"] | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """The state of a window after one request: what remains (negative: rejected), and when it ends."""

    limit: RateLimit
    remaining: int
    ends: float

    @property
    def is_spent(self) -> bool:
        """Whether the request is rejected."""
        return self.remaining < 0

    def headers(self, now: float) -> dict[str, str]:
        """Return the rate-limit headers of a response at this time (as of `time.time()`)."""
        return {
            LIMIT: str(self.limit.requests),
            REMAINING: str(max(self.remaining, 0)),
            RESET: self._reset(now),
        }

    def refusal(self, now: float) -> HttpResponse:
        """Return the 429 response, without the rate-limit headers."""
        answer = error_response(429)
        match self.limit.retry_after:
            case "seconds":
                answer.headers[RETRY_AFTER] = str(self._whole_seconds_left(now))
            case "date":
                answer.headers[RETRY_AFTER] = formatdate(math.ceil(self.ends), usegmt=True)
        return answer

    def _reset(self, now: float) -> str:
        match self.limit.reset:
            case "epoch_milliseconds":
                return str(math.ceil(self.ends * 1000))
            case "epoch_seconds":
                return self._seconds(self.ends)
            case "seconds":
                return self._seconds(max(self.ends - now, 0.0))

    def _seconds(self, seconds: float) -> str:
        if self.limit.seconds >= 1:
            return str(math.ceil(seconds))
        return f"{math.ceil(seconds * 1000) / 1000:.3f}"

    def _whole_seconds_left(self, now: float) -> int:
        # HTTP allows no fractions in Retry-After.
        return math.ceil(max(self.ends - now, 0.0))


class RateLimits:
    """The limit, None at first, and each organisation's window. Safe to use from any thread."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._limit: RateLimit | None = None
        self._windows: dict[int, Allowance] = {}

    @property
    def limit(self) -> RateLimit | None:
        """The limit, or None. Setting it restarts all windows."""
        return self._limit

    @limit.setter
    def limit(self, limit: RateLimit | None) -> None:
        with self._lock:
            self._limit = limit
            self._windows.clear()

    def spend(self, organisation_id: int | None) -> Allowance | None:
        """Count a request; return None if there is no limit or the request has no known key."""
        with self._lock:
            if self._limit is None or organisation_id is None:
                return None
            now = self._clock()
            last = self._windows.get(organisation_id)
            if last is None or last.ends <= now:
                last = Allowance(self._limit, self._limit.requests, now + self._limit.seconds)
            found = Allowance(self._limit, last.remaining - 1, last.ends)
            self._windows[organisation_id] = found
            return found
