"""Decide from an exception of requests or urllib3 whether a request was certainly not sent, and why.

Only such a request may be sent again when it is a POST.
"""

import re
from typing import NamedTuple

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    LocationValueError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
)

from rootfi_pulumi.api.connections import NothingListens, NoTls, UnknownIssuer
from rootfi_pulumi.api.errors import BadProxy, NotSent, NotServed, Untrusted
from rootfi_pulumi.api.session import NoCertificates

# Raised before a byte of the request is written. `connections` raises one for a failed TLS handshake, too.
_BEFORE_SENDING = (NewConnectionError, ConnectTimeoutError, LocationValueError)

# Raised before a connection is opened. InvalidHeader is not listed: it may be about the response.
_UNUSABLE = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidProxyURL,
    NoCertificates,
)


class Why(NamedTuple):
    """The error class and message for a request that was not sent, and whether it would fail again."""

    kind: type[NotSent]
    message: str
    is_lasting: bool


def why_not_sent(error: Exception) -> Why | None:
    """Return why a request that ended with this error was not sent, or None if it may have been."""
    cause = cause_of(error)
    # urllib3 also raises ProxyError if a connection through the proxy ends after the request was sent.
    root = cause.original_error if isinstance(cause, ProxyError) else cause
    if not (isinstance(root, _BEFORE_SENDING) or isinstance(error, _UNUSABLE)):
        return None
    is_lasting = isinstance(root, NoTls | NothingListens) or isinstance(error, _UNUSABLE)
    return Why(_kind(error, cause, root), _plain_reason(cause), is_lasting)


def cause_of(error: Exception) -> Exception:
    """Return the urllib3 error that an error of requests wraps, or the error itself."""
    cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    return cause.reason if isinstance(cause, MaxRetryError) and cause.reason else cause


def _kind(error: Exception, cause: Exception, root: Exception) -> type[NotSent]:
    if isinstance(root, UnknownIssuer) or isinstance(error, NoCertificates):
        return Untrusted
    if isinstance(cause, ProxyError) or isinstance(error, requests.exceptions.InvalidProxyURL):
        return BadProxy
    return NotServed if isinstance(root, NothingListens) else NotSent


def _plain_reason(reason: Exception) -> str:
    if isinstance(reason, ProxyError):
        return f"proxy: {_plain_reason(reason.original_error)}"
    if isinstance(reason, ConnectTimeoutError) and not isinstance(reason, NewConnectionError):
        # urllib3's text begins with the repr of the connection, which means nothing to a user.
        return "no connection in time"
    text = str(reason)
    # Remove user and password from a proxy's address.
    return re.sub("//.*@", "//", text.partition(": ")[2] or text)
