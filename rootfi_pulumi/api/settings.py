"""The settings with which a client calls RootFi, and the rules of each."""

import ipaddress
import math
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from rootfi_pulumi.api.sources import Sources

DEFAULT_BASE_URL = "https://api.rootfi.dev"
# Seconds.
DEFAULT_TIMEOUT, SHORTEST_TIMEOUT, LONGEST_TIMEOUT = 120.0, 1.0, 3600.0
# Requests at a time. The least is what Pulumi's SDK does by itself; more than the greatest would spend
# RootFi's budget of a minute before the first response shows it.
DEFAULT_CONCURRENCY, LEAST_CONCURRENCY, GREATEST_CONCURRENCY = 32, 4, 64

_UNSENDABLE = "has white space or characters that an HTTP header cannot carry: paste it again"


@dataclass(frozen=True)
class Settings:
    """The settings. `base_url` has no trailing slash; `timeout` is the seconds that a call may take.

    `concurrency` is how many calls may be under way; `sources` says where each is given.
    """

    api_key: str = field(repr=False)
    base_url: str = DEFAULT_BASE_URL
    timeout: float = DEFAULT_TIMEOUT
    concurrency: int = DEFAULT_CONCURRENCY
    sources: Sources = field(default_factory=Sources, compare=False)


def api_key_problem(api_key: str) -> str | None:
    """Say what is wrong with an API key, or None; nothing of it is repeated."""
    if not api_key:
        return "is empty: give the API key of a RootFi organisation"
    if not (api_key.isascii() and api_key.isprintable()) or api_key != api_key.strip():
        return _UNSENDABLE
    return None


def base_url_problem(base_url: str) -> str | None:
    """Say what is wrong with an address for RootFi's API, or None.

    Only https is accepted, and http to this machine itself: over anything else the key travels in clear.
    """
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not an address: write it like https://api.rootfi.dev"
    if parts.scheme not in ("https", "http") or not host or base_url != base_url.strip():
        return "is not an address: write it like https://api.rootfi.dev"
    if parts.username or parts.password or parts.query or parts.fragment:
        return "must be a plain address, without user, query or fragment, like https://api.rootfi.dev"
    if parts.scheme == "http" and not _is_loopback(host):
        return f"must start with https://: over http to {host} the API key would travel in clear"
    return None


def timeout_problem(timeout: object) -> str | None:
    """Say what is wrong with the seconds that a call may take, or None."""
    try:
        seconds = float(str(timeout))
    except ValueError:
        seconds = math.nan
    if SHORTEST_TIMEOUT <= seconds <= LONGEST_TIMEOUT:
        return None
    return f"must be a number of seconds from {SHORTEST_TIMEOUT:g} to {LONGEST_TIMEOUT:g}"


def concurrency_problem(concurrency: object) -> str | None:
    """Say what is wrong with the number of requests that may be under way, or None."""
    text = str(concurrency)
    if text.isascii() and text.isdecimal() and LEAST_CONCURRENCY <= int(text[:9]) <= GREATEST_CONCURRENCY:
        return None
    return f"must be a whole number from {LEAST_CONCURRENCY} to {GREATEST_CONCURRENCY}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
