"""What can go wrong when RootFi is asked, as one tree.

    RootFiError
    ├── NotSent              the request never reached RootFi
    │   ├── LimitSpent       for the rate limit's sake, it was held back
    │   ├── NotServed        nothing listens there, on this machine
    │   ├── Untrusted        no CA that is trusted here vouches for the server
    │   └── BadProxy         the environment's proxy is unusable or not there
    ├── NoAnswer             it was sent; whether RootFi acted on it is unknown
    ├── UnreadableAnswer     RootFi said yes, but not what it did
    └── ErrorAnswer          RootFi, or something before it, said no
        ├── BadRequest       400, 422
        ├── Unauthorized     401
        ├── Forbidden        403
        ├── NotFound         404
        ├── Conflict         409
        ├── RateLimited      429
        ├── Redirected       3xx
        └── ServerError      5xx

`str()` of each is the one line that a user reads: method and path, why, what to do.

Rests on https://docs.rootfi.dev/documentation/concepts/error-handling and the types of RootFi's SDK.
"""

import math
from typing import ClassVar

from rootfi_pulumi.api.sources import Sources


class RootFiError(Exception):
    """Any failure of a call. `method` and `path` name it; `message` says why, without secrets.

    `attempts` is how often it was asked; `retry_after`, the seconds that RootFi asked to wait, or None.
    `sources` names the settings that the call was made with.
    """

    # A template: `{0.api_key}` is where the key is given, by `sources`.
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
        """Say what failed and why, without what to do."""
        details = ", ".join(f"{name} {value}" for name, value in self._details().items() if value)
        what = f"{self.method} {self.path}: {self._why()}"
        return f"{what} ({details})" if details else what

    def what_to_do(self) -> str:
        """Say what to do next, or nothing."""
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
    """No connection: refused, no such host, TLS not agreed, timed out while connecting.

    `is_lasting` tells whether the next try would certainly fail as well.
    """

    advice = "nothing was sent; check {0.base_url} and the network, then run again{0.after_url}"

    def __init__(self, method: str, path: str, message: str, *, is_lasting: bool = False) -> None:
        super().__init__(method, path, message)
        self.is_lasting = is_lasting


class LimitSpent(NotSent):
    """The rate limit leaves no request for longer than the call may take."""

    advice = "wait and run again, or raise {0.timeout}"

    def __init__(self, method: str, path: str, message: str) -> None:
        super().__init__(method, path, message, is_lasting=True)


class NotServed(NotSent):
    """Nothing listens at an address of this machine, where an emulator or a tunnel should."""

    advice = (
        "nothing was sent; start what serves it, such as `rootfi-pulumi emulator --port PORT`, "
        "or correct {0.base_url}{0.after_url}"
    )


class Untrusted(NotSent):
    """The server's certificate, or that of a proxy which answers for it, is not signed by a trusted CA."""

    advice = (
        "nothing was sent; name the file of your organisation's CA in SSL_CERT_FILE or REQUESTS_CA_BUNDLE, "
        "check HTTPS_PROXY and NO_PROXY, then run again"
    )


class BadProxy(NotSent):
    """The proxy that the environment names is not usable, does not answer or refuses."""

    advice = (
        "nothing was sent; check HTTPS_PROXY, or name RootFi's host in NO_PROXY to go without a proxy, "
        "then run again"
    )


class NoAnswer(RootFiError):
    """The connection ended or the time ran out after the request was sent."""

    advice = "whether RootFi acted on it is unknown"


class UnreadableAnswer(RootFiError):
    """A 2xx whose body is not the documented envelope, or lacks `rootfi_id`."""

    advice = "RootFi may have acted on it; check that {0.base_url} is RootFi's API"


class ErrorAnswer(RootFiError):
    """An answer that is not 2xx.

    `status` is the HTTP status; `code`, `field` and `request_id` are RootFi's, or None. `documented` tells
    whether the body is one of RootFi's error shapes: if not, something else may have answered.
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
    """400 or 422: RootFi does not accept what was sent."""

    advice = "correct the integration's declaration"


class Unauthorized(ErrorAnswer):
    """401: the API key is not known."""

    advice = "check the API key ({0.api_key}){0.after_key}"


class Forbidden(ErrorAnswer):
    """403: the API key is known and may not do this."""

    advice = "use an API key of the organisation that owns the integration ({0.api_key}){0.after_key}"


class NotFound(ErrorAnswer):
    """404: no such integration in the API key's organisation, or no such path at this address."""

    advice = "check the id, and that the API key ({0.api_key}) is of the organisation that owns it"

    def _advice(self) -> str:
        # A create has no id, so it is the path that is not found; in other words, something else answered.
        if self.method == "POST" or not self.documented:
            return "the address or its path is wrong: correct {0.base_url}{0.after_url}"
        return self.advice


class Conflict(ErrorAnswer):
    """409: RootFi already has it, or is busy with it."""

    advice = "if the integration exists already, declare it with adopt: <its rootfi_id>"


class RateLimited(ErrorAnswer):
    """429: too many requests for this API key."""

    advice = "wait for so long, or a minute if it does not say, and run again"


class Redirected(ErrorAnswer):
    """3xx: not followed, since the API key would travel to another host."""

    advice = "set {0.base_url} to the address that answers without a redirect"


class ServerError(ErrorAnswer):
    """5xx: RootFi, or a proxy before it, failed."""

    advice = "see RootFi's status and run again"


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
    """Return the class of an answer with this status; `ErrorAnswer` itself where none is more exact."""
    if status >= 500:  # noqa: PLR2004
        return ServerError
    if status < 400:  # noqa: PLR2004
        return Redirected
    return _BY_STATUS.get(status, ErrorAnswer)
