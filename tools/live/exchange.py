"""Send requests, at most 25 in a run, and keep each answer.

Requests bypass the client's reading and retries: the question is what RootFi itself answers.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from rootfi_pulumi.api import connections
from rootfi_pulumi.api.clock import Clock, Deadline
from rootfi_pulumi.api.rate_limit import parse_reset, parse_retry_after
from rootfi_pulumi.api.session import open_session
from rootfi_pulumi.api.settings import Settings

MOST_REQUESTS = 25
# Seconds: for one answer; for a 429 that does not say how long to wait; the longest wait for a 429.
_TIMEOUT, _USUAL_WAIT, _LONGEST_WAIT = 30.0, 60.0, 120.0


class StopError(Exception):
    """No further question can be asked. The text says why."""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer. `status` is None if there was none; `failure` then says why.

    `may_have_arrived` is False if the request certainly never reached RootFi.

    `resets_in` is the seconds until `X-RateLimit-Reset`, as of the answer's arrival. `body` is the parsed
    JSON, or None. It may hold a secret, as may `headers`: `repr()` shows neither.
    """

    method: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: object = field(default=None, repr=False)
    failure: str | None = None
    may_have_arrived: bool = True
    resets_in: float | None = None

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_refusal(self) -> bool:
        """Whether the status says that the request had no effect: 3xx, 4xx or 503."""
        if self.status is None:
            return False
        return self.status // 100 in (3, 4) or self.status == HTTPStatus.SERVICE_UNAVAILABLE

    @property
    def envelope(self) -> str | None:
        """Where the integration is: "wrapped" in the member `data`, "bare" as the body, or None."""
        if not isinstance(self.body, dict):
            return None
        if _is_integration(self.body.get("data")):
            return "wrapped"
        return "bare" if _is_integration(self.body) else None

    @property
    def integration(self) -> dict[str, Any]:
        """The integration in a successful answer; empty if it has none."""
        if not (self.is_success and isinstance(self.body, dict)):
            return {}
        match self.envelope:
            case "wrapped":
                return dict(self.body["data"])
            case "bare":
                return dict(self.body)
        return {}


class Sender:
    """Send requests within the budget. `exchanges` has all of them in order, refused ones too.

    Stopping `clock` (on Ctrl-C) lets the request under way finish and stops the run at the next one, until
    `begin_clean_up()`.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        say: Callable[[str], None],
        *,
        most: int = MOST_REQUESTS,
    ) -> None:
        self.exchanges: list[Exchange] = []
        self.reserve = 0
        self._settings = settings
        self._clock = clock
        self._say = say
        self._most = most

    @property
    def left(self) -> int:
        """How many requests are left, the reserve for cleaning up included."""
        return self._most - len(self.exchanges)

    def begin_clean_up(self, clock: Clock) -> None:
        """Free the reserve, and wait by a clock that nothing stops."""
        self.reserve = 0
        self._clock = clock

    def sleep(self, seconds: float) -> None:
        """Wait, unless the run is stopped."""
        self._clock.sleep(seconds)

    def send(
        self, method: str, rootfi_id: str | None = None, body: object = None, *, key: str | None = None
    ) -> Exchange:
        """Send a request to /integrations or to one integration; after a 429, wait and send it once more.

        `body` is sent as JSON; bytes are sent as they are. Raises StopError if the budget is spent, the run
        is stopped or RootFi asks to wait for longer than two minutes.
        """
        exchange = self._send_once(method, rootfi_id, body, key)
        if exchange.status != HTTPStatus.TOO_MANY_REQUESTS:
            return exchange
        asked = parse_retry_after(exchange.headers)
        wait = next((each for each in (asked, exchange.resets_in) if each is not None), _USUAL_WAIT)
        if wait > _LONGEST_WAIT:
            raise StopError(f"RootFi's rate limit asks to wait {wait:.0f} s")
        self._say(f"RootFi answered 429: waiting {wait:.0f} s")
        self._clock.sleep(wait)
        return self._send_once(method, rootfi_id, body, key)

    def _send_once(self, method: str, rootfi_id: str | None, body: object, key: str | None) -> Exchange:
        if self._clock.is_stopped:
            raise StopError("the run was interrupted")
        if self.left <= self.reserve:
            raise StopError(f"the budget of {self._most} requests is spent")
        path = "/integrations" if rootfi_id is None else f"/integrations/{quote(rootfi_id, safe='')}"
        exchange = self._exchange(method, path, body, key or self._settings.api_key)
        self.exchanges.append(exchange)
        return exchange

    def _exchange(self, method: str, path: str, body: object, key: str) -> Exchange:
        settings = Settings(key, self._settings.base_url)
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = {} if content is None else {"Content-Type": "application/json"}
        deadline = Deadline(_TIMEOUT)
        # A new connection each time: a kept one that RootFi closed would lose a POST's outcome.
        with open_session(settings, kept=1) as session, connections.bounded_by(deadline):
            try:
                answer = session.request(
                    method,
                    settings.base_url + path,
                    data=content,
                    headers=headers,
                    timeout=connections.timeouts(),
                    allow_redirects=False,
                )
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                return _without_answer(method, error)
        return Exchange(
            method,
            answer.status_code,
            answer.headers,
            _parsed(answer.content),
            resets_in=parse_reset(answer.headers),
        )


def _without_answer(method: str, error: Exception) -> Exchange:
    cause = error.args[0] if error.args else error
    reason = getattr(cause, "reason", cause)
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return Exchange(method, failure="no connection", may_have_arrived=False)
    # Only the kind: the text may quote what was sent.
    return Exchange(method, failure=f"no answer ({type(error).__name__})")


def _is_integration(value: object) -> bool:
    return isinstance(value, dict) and "rootfi_id" in value


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
