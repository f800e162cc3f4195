"""Where RootFi is and with which key to ask it: explicit, else environment, else default."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

DEFAULT_BASE_URL = "https://api.rootfi.dev"

_NO_KEY = "no RootFi API key: run `pulumi config set --secret rootfi:apiKey`, or set ROOTFI_API_KEY"
_UNSENDABLE = "has white space or characters that an HTTP header cannot carry: paste it again"


class SettingsError(ValueError):
    """A setting is missing or unusable: `source` names it, `what` says what is wrong and what to do."""

    def __init__(self, source: str, what: str) -> None:
        super().__init__(f"{source}: {what}")
        self.source = source
        self.what = what


@dataclass(frozen=True)
class Settings:
    """The two settings. `base_url` has no trailing slash."""

    api_key: str = field(repr=False)
    base_url: str = DEFAULT_BASE_URL


def resolve(api_key: str | None, base_url: str | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Complete explicit settings from ROOTFI_API_KEY, ROOTFI_BASE_URL and the documented host.

    Raises SettingsError for a missing or malformed key and for an address that is not safe to send it to.
    """
    if api_key is not None:
        source = "rootfi:apiKey"
    else:
        api_key, source = environ.get("ROOTFI_API_KEY") or None, "ROOTFI_API_KEY"
    if api_key is None:
        raise SettingsError("rootfi:apiKey", _NO_KEY)
    if not api_key:
        raise SettingsError(source, "is empty: give the API key of a RootFi organisation")
    if not (api_key.isascii() and api_key.isprintable()) or api_key != api_key.strip():
        raise SettingsError(source, _UNSENDABLE)
    if base_url is not None:
        source = "rootfi:baseUrl"
    else:
        base_url, source = environ.get("ROOTFI_BASE_URL") or DEFAULT_BASE_URL, "ROOTFI_BASE_URL"
    problem = base_url_problem(base_url)
    if problem:
        raise SettingsError(source, problem)
    return Settings(api_key, base_url.rstrip("/"))


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


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
