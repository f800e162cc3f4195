"""The errors of a call to RootFi, as one tree of exceptions.

    RootFiError
    ├── NotSent              the request never reached RootFi
    │   ├── LimitSpent       held back because the rate limit is reached
    │   ├── NotServed        nothing listens at this address of the local machine
    │   ├── Untrusted        no trusted CA issued the server's certificate
    │   └── BadProxy         the environment's proxy is unusable or unreachable
    ├── NoAnswer             sent, but no response: whether RootFi acted on it is unknown
    ├── UnreadableAnswer     a 2xx response with an unexpected body
    └── ErrorAnswer          an error status, from RootFi or from a server in front of it
        ├── BadRequest       400, 422
        ├── Unauthorized     401
        ├── Forbidden        403
        ├── NotFound         404
        ├── Conflict         409
        ├── RateLimited      429
        ├── Redirected       3xx
        └── ServerError      5xx

`str()` of an error is the line that a user reads: method and path, why, what to do.

See https://docs.rootfi.dev/documentation/concepts/error-handling and the types of the `rootfi-api` SDK.
"""

import math
from typing import ClassVar

from rootfi_pulumi.api.sources import Sources


class RootFiError(Exception):
    """Any failure of a call. `method` and `path` identify it; `message` says why, without secrets.

    `attempts` counts the requests sent; `retry_after` is how many seconds RootFi asked to wait, or None.
    `sources` names where the call's settings come from.
    """

    # A template, formatted with `sources`: `{0.api_key}` becomes the place where the key is set.
    advice: ClassVar[str] = ""

    def __init__(self, method: str, path: str, message: str) -> None:
        super().__init__(method, path, message)
        self.method = method
        self.path = path
        self.message = message
        self.attempts = 1
        self.retry_after: float | None = None
        self.sources = Sources()

    def __str__(self) -> str:
        return ": ".join(filter(None, [self.what(), self.what_to_do()]))

    def what(self) -> str:
        """Return what failed and why, without what to do."""
        details = ", ".join(f"{name} {value}" for name, value in self._details().items() if value)
        what = f"{self.method} {self.path}: {self._why()}"
        return f"{what} ({details})" if details else what

    def what_to_do(self) -> str:
        """Return what to do next; empty if there is no advice."""
        return self._advice().format(self.sources)

    def _advice(self) -> str:
        return self.advice

    def _why(self) -> str:
        return self.message

    def _details(self) -> dict[str, object]:
        asked = self.retry_after and math.ceil(self.retry_after)
        return {
            "asked to wait": asked and f"{asked} s",
            "attempts:": self.attempts if self.attempts > 1 else None,
        }


class NotSent(RootFiError):
    """No connection: refused, no such host, failed TLS handshake, timeout while connecting.

    `is_lasting` is whether a retry would certainly fail as well.
    """

    advice = "nothing was sent; check {0.base_url} and the network, then run again{0.after_url}"

    def __init__(self, method: str, path: str, message: str, *, is_lasting: bool = False) -> None:
        super().__init__(method, path, message)
        self.is_lasting = is_lasting


class LimitSpent(NotSent):
    """The rate limit allows no request before the call's deadline."""

    advice = "wait and run again, or raise {0.timeout}"

    def __init__(self, method: str, path: str, message: str) -> None:
        super().__init__(method, path, message, is_lasting=True)


class NotServed(NotSent):
    """Nothing listens at a loopback address, where an emulator or a tunnel should."""

    advice = (
        "nothing was sent; start the server, such as `rootfi-pulumi emulator --port PORT`, "
        "or correct {0.base_url}{0.after_url}"
    )


class Untrusted(NotSent):
    """No trusted CA issued the certificate of the server, or of a proxy that decrypts the traffic."""

    advice = (
        "nothing was sent; set SSL_CERT_FILE or REQUESTS_CA_BUNDLE to the file of your organisation's CA, "
        "check HTTPS_PROXY and NO_PROXY, then run again"
    )


class BadProxy(NotSent):
    """The environment's proxy is malformed, does not respond or refuses the connection."""

    advice = (
        "nothing was sent; check HTTPS_PROXY, or add RootFi's host to NO_PROXY to bypass the proxy, "
        "then run again"
    )


class NoAnswer(RootFiError):
    """The connection ended, or the call timed out, after the request was sent."""

    advice = "whether RootFi acted on it is unknown"


class UnreadableAnswer(RootFiError):
    """A 2xx response whose body is not the documented envelope, or has no `rootfi_id`."""

    advice = "RootFi may have acted on it; check that {0.base_url} is RootFi's API"


class ErrorAnswer(RootFiError):
    """A response that is not 2xx.

    `status` is the HTTP status; `code`, `field` and `request_id` are RootFi's, or None. `documented` is
    whether the body has one of RootFi's error shapes: if not, the response may come from another server.
    """

    def __init__(  # noqa: PLR0913 (one parameter for each documented member)
        self,
        method: str,
        path: str,
        message: str,
        *,
        status: int,
        code: str | None = None,
        field: str | None = None,
        request_id: str | None = None,
        documented: bool = False,
    ) -> None:
        super().__init__(method, path, message)
        self.status = status
        self.code = code
        self.field = field
        self.request_id = request_id
        self.documented = documented

    def _why(self) -> str:
        return f"{self.status} {self.message}".rstrip()

    def _details(self) -> dict[str, object]:
        named = {"code": self.code, "field": self.field, "request id": self.request_id}
        return named | super()._details()


class BadRequest(ErrorAnswer):
    """400 or 422: RootFi rejects the body."""

    advice = "correct the integration's declaration"


class Unauthorized(ErrorAnswer):
    """401: the API key is unknown."""

    advice = "check the API key ({0.api_key}){0.after_key}"


class Forbidden(ErrorAnswer):
    """403: the API key is known but may not do this."""

    advice = "use an API key of the organisation that owns the integration ({0.api_key}){0.after_key}"


class NotFound(ErrorAnswer):
    """404: no such integration in the API key's organisation, or no such path at this address."""

    advice = "check the id, and that the API key ({0.api_key}) belongs to the organisation that owns it"

    def _advice(self) -> str:
        # A create sends no id, so the path is wrong. So it is if the body is not RootFi's.
        if self.method == "POST" or not self.documented:
            return "the address or its path is wrong: correct {0.base_url}{0.after_url}"
        return self.advice


class Conflict(ErrorAnswer):
    """409: the integration already exists, or RootFi is still processing it."""

    advice = "if the integration already exists, declare it with adopt: <its rootfi_id>"


class RateLimited(ErrorAnswer):
    """429: too many requests for this API key."""

    advice = "wait that long, or a minute if RootFi does not say, then run again"


class Redirected(ErrorAnswer):
    """3xx: not followed, because the API key would be sent to another host."""

    advice = "set {0.base_url} to the address that answers without a redirect"


class ServerError(ErrorAnswer):
    """5xx: RootFi, or a proxy in front of it, failed."""

    advice = "check RootFi's status; run again"


_BY_STATUS: dict[int, type[ErrorAnswer]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: BadRequest,
    429: RateLimited,
}


def error_class(status: int) -> type[ErrorAnswer]:
    """Return the error class for a status that is not 2xx; `ErrorAnswer` if no class is more specific."""
    if status >= 500:  # noqa: PLR2004
        return ServerError
    if status < 400:  # noqa: PLR2004
        return Redirected
    return _BY_STATUS.get(status, ErrorAnswer)
