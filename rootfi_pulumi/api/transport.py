"""One HTTP exchange with RootFi: key, timeouts, errors, redaction. The only importer of requests."""

import json
import ssl
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
)

from rootfi_pulumi.api.errors import ErrorAnswer, NoAnswer, NotSent, UnreadableAnswer, error_class
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings

CONNECT_TIMEOUT = 10.0
# Seconds without a byte; RootFi's own SDK waits as long.
READ_TIMEOUT = 60.0
_LONGEST_MESSAGE = 300


class Transport:
    """Sends requests to one RootFi organisation; safe to use from several threads.

    Redirects are not followed and `.netrc` is not read; proxies and CA bundles of the environment are used.
    """

    def __init__(self, settings: Settings, redactor: Redactor) -> None:
        self._redactor = redactor
        redactor.add(settings.api_key)
        self._settings = settings
        self._session = _session(settings)

    def request(self, method: str, path: str, body: dict[str, Any] | None = None) -> object:
        """Return the `data` member of RootFi's envelope.

        Raises a RootFiError for everything else, with no secret in it.
        """
        try:
            response = self._exchange(method, path, body)
        except (requests.RequestException, HTTPError, ValueError) as error:
            raise self._failure(method, path, error) from None
        if not 200 <= response.status_code < 300:  # noqa: PLR2004
            raise self._error_answer(method, path, response)
        try:
            return json.loads(response.content)["data"]
        except (ValueError, TypeError, KeyError, RecursionError):
            # Not quoted: it may hold credentials that nobody here knows.
            size, kind = len(response.content), response.headers.get("Content-Type", "no type")
            reason = f"{response.status_code}, but not RootFi's answer: {size} bytes of {self._clean(kind)}"
            raise UnreadableAnswer(method, path, reason) from None

    def redact(self, value: Any) -> Any:
        """Return what RootFi told, text or JSON, without any known secret."""
        return self._redactor.redact_all(value)

    def _exchange(self, method: str, path: str, body: dict[str, Any] | None) -> requests.Response:
        timeout = (CONNECT_TIMEOUT, READ_TIMEOUT)
        url = self._settings.base_url + path
        if method != "POST":
            return self._session.request(method, url, json=body, timeout=timeout, allow_redirects=False)
        # A POST must not meet a pooled connection that RootFi closed meanwhile: its outcome would be
        # unknown. So each has connections of its own.
        with _session(self._settings) as session:
            session.headers["Connection"] = "close"
            return session.request(method, url, json=body, timeout=timeout, allow_redirects=False)

    def _failure(self, method: str, path: str, error: Exception) -> NotSent | NoAnswer:
        cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
        reason = cause.reason if isinstance(cause, MaxRetryError) else cause
        if isinstance(reason, _BEFORE_SENDING) or isinstance(error, _UNUSABLE):
            return NotSent(method, path, self._clean(_plain_reason(reason)))
        if isinstance(error, requests.ReadTimeout):
            return NoAnswer(method, path, f"no answer within {READ_TIMEOUT:g} s")
        return NoAnswer(method, path, f"the connection ended before the answer ({type(error).__name__})")

    def _error_answer(self, method: str, path: str, response: requests.Response) -> ErrorAnswer:
        status = response.status_code
        try:
            error = json.loads(response.content)["error"]
            members = {name: self._clean(str(error[name])) for name in _DOCUMENTED if error.get(name)}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            members = {}
        documented = "message" in members
        message = members.pop("message") if documented else self._excerpt(response)
        return error_class(status)(method, path, message, status=status, documented=documented, **members)

    def _excerpt(self, response: requests.Response) -> str:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if not response.content:
            return "an empty body"
        if kind not in ("application/json", "text/plain"):
            return self._clean(f"a body of type {kind or 'unknown'}")
        return self._clean(response.content[:64_000].decode("utf-8", "replace"))

    def _clean(self, text: str) -> str:
        # Redacted whole, then shortened: half a secret would not be recognised.
        one_line = " ".join(self._redactor.redact(text).split())
        printable = "".join(character if character.isprintable() else "?" for character in one_line)
        return printable if len(printable) <= _LONGEST_MESSAGE else printable[:_LONGEST_MESSAGE] + "…"


# What fails before a byte of the request is written; a failed TLS handshake is among them, by `_Connection`.
_BEFORE_SENDING = (NewConnectionError, ConnectTimeoutError, ProxyError, LocationValueError)
# An address, proxy or header of which no request could be made.
_UNUSABLE = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidProxyURL,
)

# In RootFi's three error shapes; `platform_error` repeats what the platform said and is left out.
_DOCUMENTED = ("message", "code", "field", "request_id")


def _plain_reason(reason: object) -> str:
    if isinstance(reason, ProxyError):
        return f"proxy: {_plain_reason(reason.original_error)}"
    text = str(reason)
    return text.partition(": ")[2] or text


class _ApiKey(AuthBase):
    """The `api_key` header. As an auth, it also keeps requests from looking into `.netrc`."""

    def __init__(self, api_key: str) -> None:
        self._api_key = api_key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["api_key"] = self._api_key
        return request


class _Connection(HTTPSConnection):
    def connect(self) -> None:
        # A failed handshake is not told from a failed answer by its class; here it is certain
        # that nothing was sent.
        try:
            super().connect()
        except ssl.SSLError as error:
            raise NewConnectionError(self, f"TLS: {error.reason or error}") from error


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 (the base's)
        # Even where it is not followed, requests reads the address, and fails on a bad one.
        return


def _session(settings: Settings) -> requests.Session:
    session = _Session()
    session.auth = _ApiKey(settings.api_key)
    # Plain http is for this machine alone: through a proxy the key would leave it in clear.
    session.trust_env = settings.base_url.startswith("https:")
    session.headers.update({"Accept": "application/json"})
    adapter = HTTPAdapter(max_retries=0)
    adapter.poolmanager.pool_classes_by_scheme = {
        **adapter.poolmanager.pool_classes_by_scheme,
        "https": _Pool,
    }
    session.mount("https://", adapter)
    return session
