"""RootFi's rate limit, kept by every thread of a process: they wait instead of being turned away.

Rests on https://docs.rootfi.dev (environments): 100 requests a minute for an API key, in bursts up to 200,
told by the headers X-RateLimit-Limit, -Remaining and -Reset. The unit of the last is not documented.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import mktime_tz, parsedate_tz

from rootfi_pulumi.api.clock import Clock, Deadline

# A wait that is worth a line to the user, in seconds.
NOTICEABLE = 2.0
# Seconds; a reset that is further off says something else than the documented minute.
_FARTHEST_RESET = 3600.0
# Seconds; what is longer is no wait that anybody means.
_LONGEST_WAIT = 1e6
_EPOCH_SECONDS, _EPOCH_MILLISECONDS = 1e9, 1e12


class RateLimiter:
    """One API key's budget of requests, as far as RootFi has told it. Safe to use from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._limit = math.inf
        self._left = math.inf
        self._resets_at = -math.inf
        self._paused_until = -math.inf
        self._told_until = -math.inf
        self._under_way = 0

    def acquire(self, deadline: Deadline, say: Callable[[str], None]) -> float:
        """Wait until a request may be sent, and count it; `release` must follow.

        Returns 0, or the seconds that would still have to be waited when the deadline or a stopped clock
        forbids it; nothing is counted then. `say` is told of a noticeable wait, once for all threads.
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
                line = self._untold(wait)
            # Not while others wait for the lock.
            if line:
                say(line)
            self._clock.sleep(wait)

    def release(self, headers: Mapping[str, str]) -> None:
        """Note the end of a request, and what its answer tells of the budget; no headers tell nothing."""
        remaining = _number(headers.get("X-RateLimit-Remaining"))
        reset = parse_reset(headers)
        with self._lock:
            self._under_way -= 1
            if remaining is None or reset is None:
                return
            now = self._clock.now()
            self._limit = _number(headers.get("X-RateLimit-Limit")) or math.inf
            # The others under way may not have been counted when RootFi said this.
            left, resets_at = remaining - self._under_way, now + reset
            if now < self._resets_at:
                # Answers overtake each other: within a period the budget only shrinks.
                left, resets_at = min(left, self._left), min(resets_at, self._resets_at)
            self._left, self._resets_at = left, resets_at

    def pause(self, seconds: float, say: Callable[[str], None]) -> None:
        """Let every thread wait: RootFi has turned a request away."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock.now() + seconds)
            line = self._untold(seconds)
        if line:
            say(line)

    def _wait(self) -> float:
        now = self._clock.now()
        if self._left < 1 and now >= self._resets_at:
            self._left = max(1, self._limit - self._under_way)
        until = self._paused_until if self._left >= 1 else max(self._paused_until, self._resets_at)
        return max(0.0, until - now)

    def _untold(self, wait: float) -> str | None:
        until = self._clock.now() + wait
        if wait <= NOTICEABLE or until <= self._told_until + NOTICEABLE:
            return None
        self._told_until = until
        return f"RootFi's rate limit is spent: waiting {math.ceil(wait)} s before the next request"


def parse_reset(headers: Mapping[str, str]) -> float | None:
    """Return the seconds until `X-RateLimit-Reset`, in whichever unit it is, or None if it tells nothing."""
    reset = _number(headers.get("X-RateLimit-Reset"))
    if reset is None:
        return None
    if reset >= _EPOCH_MILLISECONDS:
        reset = reset / 1000
    if reset >= _EPOCH_SECONDS:
        reset = max(0.0, reset - _server_time(headers))
    return reset if reset <= _FARTHEST_RESET else None


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that `Retry-After` asks to wait, given as seconds or as a date, or None."""
    text = headers.get("Retry-After", "").strip()
    seconds = _number(text)
    if seconds is not None:
        return min(seconds, _LONGEST_WAIT)
    date = _epoch(text)
    return None if date is None else max(0.0, date - _server_time(headers))


def _server_time(headers: Mapping[str, str]) -> float:
    # By RootFi's own clock where it tells it: this machine's may be wrong.
    date = _epoch(headers.get("Date", ""))
    return time.time() if date is None else date


def _epoch(date: str) -> float | None:
    try:
        parts = parsedate_tz(date)
        return None if parts is None else float(mktime_tz(parts))
    except (ValueError, OverflowError):
        # The year 99999 is written like a date and is none.
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
    """Return the one limiter of this process for an API key."""
    with _LIMITERS_LOCK:
        return _LIMITERS.setdefault((api_key, clock), RateLimiter(clock))
