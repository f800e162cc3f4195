"""Where RootFi is and with which key to ask it: explicit, else environment, else default."""

import ipaddress
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from rootfi_pulumi.api.sources import KEY_VARIABLE, URL_VARIABLE, Sources, explicit

DEFAULT_BASE_URL = "https://api.rootfi.dev"
# Seconds.
DEFAULT_TIMEOUT, SHORTEST_TIMEOUT, LONGEST_TIMEOUT = 120.0, 1.0, 3600.0
# Requests at a time. The least is what Pulumi's SDK does by itself; more than the greatest would spend
# RootFi's budget of a minute before its first answer has told of it.
DEFAULT_CONCURRENCY, LEAST_CONCURRENCY, GREATEST_CONCURRENCY = 32, 4, 64

NO_KEY = "no RootFi API key: run `pulumi config set --secret rootfi:apiKey`, or set ROOTFI_API_KEY"
"""What is wrong, and what to do, where a program or its provider finds no API key."""
_UNSENDABLE = "has white space or characters that an HTTP header cannot carry: paste it again"


class SettingsError(ValueError):
    """A setting is missing or unusable: `source` names it, `what` says what is wrong and what to do."""

    def __init__(self, source: str, what: str) -> None:
        super().__init__(f"{source}: {what}")
        self.source = source
        self.what = what


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


def resolve(  # noqa: PLR0913 (one parameter for each setting)
    api_key: str | None,
    base_url: str | None,
    environ: Mapping[str, str] = os.environ,
    *,
    timeout: str | None = None,
    concurrency: str | None = None,
    provider: str | None = None,
) -> Settings:
    """Complete explicit settings from ROOTFI_API_KEY, ROOTFI_BASE_URL and the defaults.

    `provider` is the name of the RootFiProvider that gives the explicit ones; None for the stack's config.
    It has no other key, since ROOTFI_API_KEY is of another organisation.
    Raises SettingsError for a missing or malformed key, for an address that is not safe to send it to and
    for a number that is none.
    """
    sources = explicit(provider)
    if api_key is None and provider is None:
        api_key, sources = environ.get(KEY_VARIABLE) or None, replace(sources, api_key=KEY_VARIABLE)
    if base_url is None:
        base_url = environ.get(URL_VARIABLE) or DEFAULT_BASE_URL
        either = f"{sources.base_url} or {URL_VARIABLE}"
        sources = replace(sources, base_url=URL_VARIABLE if environ.get(URL_VARIABLE) else either)
    key = _checked_key(api_key, sources)
    if problem := base_url_problem(base_url):
        raise SettingsError(sources.base_url, problem)
    if timeout is not None and (problem := timeout_problem(timeout)):
        raise SettingsError(sources.timeout, problem)
    if concurrency is not None and (problem := concurrency_problem(concurrency)):
        raise SettingsError(sources.concurrency, problem)
    return Settings(
        key,
        base_url.rstrip("/"),
        DEFAULT_TIMEOUT if timeout is None else float(timeout),
        DEFAULT_CONCURRENCY if concurrency is None else int(concurrency),
        sources,
    )


def _checked_key(api_key: str | None, sources: Sources) -> str:
    if api_key is None and sources.api_key == KEY_VARIABLE:
        raise SettingsError("rootfi:apiKey", NO_KEY)
    if not api_key:
        raise SettingsError(sources.api_key, "is empty: give the API key of a RootFi organisation")
    if not (api_key.isascii() and api_key.isprintable()) or api_key != api_key.strip():
        raise SettingsError(sources.api_key, _UNSENDABLE)
    return api_key


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
