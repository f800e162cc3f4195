"""Send one request to RootFi: deadline, retries, rate limit, redaction, and the error to raise."""

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import requests
from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError

from rootfi_pulumi.api import connections, responses, send_failures
from rootfi_pulumi.api.clock import CLOCK, Clock, Deadline
from rootfi_pulumi.api.errors import (
    BadProxy,
    ErrorAnswer,
    LimitSpent,
    NoAnswer,
    NotSent,
    RateLimited,
    RootFiError,
    UnreadableAnswer,
    error_class,
)
from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.api.proxies import proxy_problem
from rootfi_pulumi.api.rate_limit import (
    LIMIT_REACHED,
    NOTICEABLE,
    get_limiter,
    parse_reset,
    parse_retry_after,
)
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.retries import RetryPolicy
from rootfi_pulumi.api.session import open_session
from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.api.sources import Sources

# Bytes after decoding. An integration takes less than a thousandth of it.
LONGEST_BODY = 1024 * 1024
# Seconds without a response after which the user gets a line that says what the call waits for.
SLOW = 10.0
# Characters that an error quotes of a response's message.
_LONGEST_MESSAGE = 300
# Characters that an error quotes of any other member; a request id has 36.
_LONGEST_DETAIL = 40


def _silent(*_: str) -> None:
    return


class Transport:
    """Sends requests to one RootFi organisation; safe to use from several threads.

    `say` receives one line about each wait that a user would notice. `answered` is called after each
    response, in the thread that sent the request. Redirects are not followed and `.netrc` is not read; the
    environment's proxies and CA bundles are used.
    """

    def __init__(  # noqa: PLR0913 (one parameter for each object that the process shares)
        self,
        settings: Settings,
        redactor: Redactor,
        *,
        say: Callable[[str], None] = _silent,
        answered: Callable[[], None] = _silent,
        policy: RetryPolicy = RetryPolicy(),  # noqa: B008 (frozen)
        clock: Clock = CLOCK,
    ) -> None:
        self._redactor = redactor
        redactor.add(settings.api_key)
        self._settings = settings
        self._say = say
        self._answered = answered
        self._policy = policy
        self._clock = clock
        self._limiter = get_limiter(settings.api_key, clock)
        self._session = open_session(settings, kept=settings.concurrency)

    @property
    def sources(self) -> Sources:
        """The places where the settings of these calls come from."""
        return self._settings.sources

    def request(self, method: str, path: str, body: dict[str, Any] | None = None) -> object:
        """Return the `data` member of RootFi's envelope, within `Settings.timeout` seconds.

        Raises a RootFiError, which never contains a secret, for any other result.
        """
        deadline = Deadline(self._settings.timeout, self._clock)
        retrying = self._policy.retrying(method, deadline, self._clock, self._before_wait)
        return retrying(self._attempt, method, path, body, deadline)

    def redact(self, value: Any) -> Any:
        """Return text or JSON from RootFi without any known secret."""
        return self._redactor.redact_all(value)

    def _before_wait(self, error: RootFiError, wait: float) -> None:
        if isinstance(error, RateLimited):
            self._limiter.pause(wait, self._say)
        elif wait > NOTICEABLE:
            self._say(f"{error.what()}: retrying in {wait:.0f} s")

    def _attempt(self, method: str, path: str, body: dict[str, Any] | None, deadline: Deadline) -> object:
        wait = self._limiter.acquire(deadline, self._say)
        if wait:
            raise LimitSpent(method, path, f"{LIMIT_REACHED} for {math.ceil(wait)} s")
        headers: Mapping[str, str] = {}
        try:
            if method == "POST" and self._clock.is_stopped:
                # The engine has ended, so the id of a new integration would be lost.
                raise NotSent(method, path, "Pulumi has ended", is_lasting=True)
            if self._session.trust_env and (problem := proxy_problem(self._settings.base_url)):
                raise BadProxy(method, path, problem, is_lasting=True)
            with connections.bounded_by(deadline), self._reporting_slow(method, path):
                answer = self._exchange(method, path, body)
            headers = answer.headers
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise self._failure(method, path, error, deadline) from None
        finally:
            self._limiter.release(headers)
        self._answered()
        if not _is_success(answer.status):
            no = self._error_answer(method, path, answer)
            if isinstance(no, RateLimited) and no.retry_after:
                # Pause the other threads even if this call has no time left to wait.
                self._limiter.pause(no.retry_after, self._say)
            raise no
        try:
            return responses.read_data(answer.body)
        except ValueError:
            # The body is not quoted: it may hold credentials that the redactor does not know.
            size, kind = len(answer.body), answer.headers.get("Content-Type", "no type")
            length = f"{size} bytes" if size <= LONGEST_BODY else f"more than {LONGEST_BODY} bytes"
            reason = f"{answer.status}, but not RootFi's answer: {length} of {self._clean(kind)}"
            raise UnreadableAnswer(method, path, reason) from None

    @contextmanager
    def _reporting_slow(self, method: str, path: str) -> Iterator[None]:
        longest = f"{self._settings.timeout:g} s at most"
        line = f"{method} {path}: no answer for {SLOW:g} s, still waiting: {longest}"
        timer = threading.Timer(SLOW, self._say, [line])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _exchange(self, method: str, path: str, body: dict[str, Any] | None) -> "_Answer":
        if method != "POST":
            return self._send(self._session, method, path, body)
        # If RootFi has closed a pooled connection, the outcome of a POST sent on it is unknown. So each POST
        # opens its own connection.
        with open_session(self._settings, kept=1) as session:
            session.headers["Connection"] = "close"
            return self._send(session, method, path, body)

    def _send(
        self, session: requests.Session, method: str, path: str, body: dict[str, Any] | None
    ) -> "_Answer":
        url, timeout = self._settings.base_url + path, connections.timeouts()
        with session.request(
            method, url, json=body, timeout=timeout, allow_redirects=False, stream=True
        ) as response:
            return _Answer(response.status_code, response.headers, _body(response))

    def _failure(
        self, method: str, path: str, error: Exception, deadline: Deadline
    ) -> NotSent | NoAnswer | UnreadableAnswer:
        if isinstance(error, DecodeError):
            return UnreadableAnswer(method, path, "the answer's content encoding cannot be decoded")
        if why := send_failures.why_not_sent(error):
            return why.kind(method, path, self._clean(why.message), is_lasting=why.is_lasting)
        if not deadline.left():
            return NoAnswer(method, path, f"no complete answer within {deadline.seconds:g} s")
        if isinstance(error, requests.ReadTimeout) or isinstance(
            send_failures.cause_of(error), ReadTimeoutError
        ):
            return NoAnswer(method, path, f"no answer within {connections.READ_TIMEOUT:g} s")
        return NoAnswer(method, path, "the connection ended before the answer")

    def _error_answer(self, method: str, path: str, answer: "_Answer") -> ErrorAnswer:
        status = answer.status
        explanation = responses.read_explanation(answer.body)
        documented = "message" in explanation
        message = self._clean(explanation.pop("message")) if documented else self._excerpt(answer)
        members = {name: self._clean(text, _LONGEST_DETAIL) for name, text in explanation.items()}
        error = error_class(status)(method, path, message, status=status, documented=documented, **members)
        error.retry_after = parse_retry_after(answer.headers)
        if isinstance(error, RateLimited) and error.retry_after is None:
            error.retry_after = parse_reset(answer.headers)
        return error

    def _excerpt(self, answer: "_Answer") -> str:
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if not answer.body:
            return "an empty body"
        if kind not in ("application/json", "text/plain"):
            return self._clean(f"a body of type {kind or 'unknown'}")
        return self._clean(answer.body.decode("utf-8", "replace"))

    def _clean(self, text: str, longest: int = _LONGEST_MESSAGE) -> str:
        # Redact before shortening: half a secret would not be recognised.
        return excerpt(self._redactor.redact(text), longest)


class _Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


def _is_success(status: int) -> bool:
    return 200 <= status < 300  # noqa: PLR2004


def _body(response: requests.Response) -> bytes:
    """Return the decoded body, cut off a little after LONGEST_BODY bytes."""
    content = bytearray()
    try:
        for part in response.raw.stream(2**14, decode_content=True):
            content += part
            if len(content) > LONGEST_BODY:
                break
    except HTTPError:
        # The status of an error is enough, even if its body is cut off.
        if _is_success(response.status_code):
            raise
    return bytes(content)
