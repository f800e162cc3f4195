"""Keep RootFi's rate limit in all threads of a process: they wait instead of collecting 429s.

See https://docs.rootfi.dev (environments): 100 requests a minute for an API key, in bursts up to 200. The
headers X-RateLimit-Limit, -Remaining and -Reset report it; the unit of the last is not documented.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import mktime_tz, parsedate_tz

from rootfi_pulumi.api.clock import Clock, Deadline
from rootfi_pulumi.api.protocol import (
    RATE_LIMIT_HEADER,
    RATE_LIMIT_REMAINING_HEADER,
    RATE_LIMIT_RESET_HEADER,
    RETRY_AFTER_HEADER,
)

LIMIT_REACHED = "RootFi's rate limit is reached"
"""The beginning of every message about the rate limit."""

# Seconds. A longer wait is reported to the user.
NOTICEABLE = 2.0
# Seconds. A later reset cannot be the end of the documented minute, so it is ignored.
_FARTHEST_RESET = 3600.0
# Seconds. Retry-After is cut off here, because Event.wait overflows on absurd numbers.
_LONGEST_WAIT = 1e6
# A greater number is not a duration but a point in time, in seconds or milliseconds since 1970.
_EPOCH_SECONDS, _EPOCH_MILLISECONDS = 1e9, 1e12


class RateLimiter:
    """The requests that an API key has left, as far as is known. Safe to use from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._limit = math.inf
        self._left = math.inf
        self._resets_at = -math.inf
        self._paused_until = -math.inf
        self._announced_until = -math.inf
        self._under_way = 0

    def acquire(self, deadline: Deadline, say: Callable[[str], None]) -> float:
        """Wait until a request may be sent, and count it; `release` must follow.

        Returns 0, or the remaining seconds, without counting, if the deadline or a stopped clock forbids the
        wait. `say` receives one line about a noticeable wait, once for all threads.
        """
        while True:
            with self._lock:
                wait = self._wait()
                if not wait:
                    self._left -= 1
                    self._under_way += 1
                    return 0
                if self._clock.is_stopped or not deadline.allows(wait):
                    return wait
                line = self._announcement(wait)
            # `say` may block, so it is called without the lock.
            if line:
                say(line)
            self._clock.sleep(wait)

    def release(self, headers: Mapping[str, str]) -> None:
        """Count a request as finished, and update the budget from its response's headers, if any."""
        remaining = _number(headers.get(RATE_LIMIT_REMAINING_HEADER))
        reset = parse_reset(headers)
        with self._lock:
            self._under_way -= 1
            if remaining is None or reset is None:
                return
            now = self._clock.now()
            self._limit = _number(headers.get(RATE_LIMIT_HEADER)) or math.inf
            # RootFi may not have counted the requests that are still under way.
            left, resets_at = remaining - self._under_way, now + reset
            if now < self._resets_at:
                # Responses can arrive out of order, but within a window the budget only shrinks.
                left, resets_at = min(left, self._left), min(resets_at, self._resets_at)
            self._left, self._resets_at = left, resets_at

    def pause(self, seconds: float, say: Callable[[str], None]) -> None:
        """Make every thread wait, because RootFi rejected a request."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock.now() + seconds)
            line = self._announcement(seconds)
        if line:
            say(line)

    def _wait(self) -> float:
        now = self._clock.now()
        if self._left < 1 and now >= self._resets_at:
            self._left = max(1, self._limit - self._under_way)
        until = self._paused_until if self._left >= 1 else max(self._paused_until, self._resets_at)
        return max(0.0, until - now)

    def _announcement(self, wait: float) -> str | None:
        until = self._clock.now() + wait
        if wait <= NOTICEABLE or until <= self._announced_until + NOTICEABLE:
            return None
        self._announced_until = until
        return f"{LIMIT_REACHED}: waiting {math.ceil(wait)} s before the next request"


def parse_reset(headers: Mapping[str, str]) -> float | None:
    """Return the seconds until `X-RateLimit-Reset`, guessing its unit, or None if it is missing or absurd."""
    reset = _number(headers.get(RATE_LIMIT_RESET_HEADER))
    if reset is None:
        return None
    if reset >= _EPOCH_MILLISECONDS:
        reset = reset / 1000
    if reset >= _EPOCH_SECONDS:
        reset = max(0.0, reset - _server_time(headers))
    return reset if reset <= _FARTHEST_RESET else None


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait by `Retry-After`, a number of seconds or a date, or None."""
    text = headers.get(RETRY_AFTER_HEADER, "").strip()
    seconds = _number(text)
    if seconds is not None:
        return min(seconds, _LONGEST_WAIT)
    date = _epoch(text)
    return None if date is None else max(0.0, date - _server_time(headers))


def _server_time(headers: Mapping[str, str]) -> float:
    # Prefer the server's clock, because this machine's may be wrong.
    date = _epoch(headers.get("Date", ""))
    return time.time() if date is None else date


def _epoch(date: str) -> float | None:
    try:
        parts = parsedate_tz(date)
        return None if parts is None else float(mktime_tz(parts))
    except (ValueError, OverflowError):
        # parsedate_tz accepts the year 99999; mktime_tz does not.
        return None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


_LIMITERS: dict[tuple[str, Clock], RateLimiter] = {}
_LIMITERS_LOCK = threading.Lock()


def get_limiter(api_key: str, clock: Clock) -> RateLimiter:
    """Return this process's limiter for an API key; it is created on first use."""
    with _LIMITERS_LOCK:
        return _LIMITERS.setdefault((api_key, clock), RateLimiter(clock))
