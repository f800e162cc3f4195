"""Decides, from what requests and urllib3 raise, whether and why a request was not sent."""

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

# What fails before a byte of the request is written; a failed TLS handshake is among them, by `connections`.
_BEFORE_SENDING = (NewConnectionError, ConnectTimeoutError, LocationValueError)

# What no request could be made with. Not InvalidHeader: the answer's may be meant.
_UNUSABLE = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidProxyURL,
    NoCertificates,
)


class Why(NamedTuple):
    """Why a request was not sent: the error for it, its message, and whether it would fail again."""

    kind: type[NotSent]
    message: str
    is_lasting: bool


def why_not_sent(error: Exception) -> Why | None:
    """Return why a request that ended with this error was not sent; None if it may have been."""
    cause = cause_of(error)
    # urllib3 also blames the proxy for a connection through it that ends after the request.
    root = cause.original_error if isinstance(cause, ProxyError) else cause
    if not (isinstance(root, _BEFORE_SENDING) or isinstance(error, _UNUSABLE)):
        return None
    is_lasting = isinstance(root, NoTls | NothingListens) or isinstance(error, _UNUSABLE)
    return Why(_kind(error, cause, root), _plain_reason(cause), is_lasting)


def cause_of(error: Exception) -> Exception:
    """Return the error of urllib3 that one of requests wraps, or the error itself."""
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
        # Its text begins with the connection's own.
        return "no connection in time"
    text = str(reason)
    # A proxy's address may hold a password.
    return re.sub("//.*@", "//", text.partition(": ")[2] or text)
