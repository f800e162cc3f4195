"""Check the proxy that the environment sets for RootFi's address.

See https://requests.readthedocs.io/en/latest/user/advanced/#proxies
"""

import functools
import os
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, prepend_scheme_if_needed, select_proxy
from urllib3.util import parse_url

_EXAMPLE = "write it like http://proxy.example:3128"


def proxy_problem(url: str) -> str | None:
    """Return what is wrong with the variable that sets the proxy for an https address, or None.

    The text does not quote the variable's value, because it may contain a password.
    """
    proxy = select_proxy(url, get_environ_proxies(url, no_proxy=None))
    if not proxy:
        return None
    what = _what_is_wrong(proxy)
    return f"{_variable_of(proxy)} {what}" if what else None


@functools.cache
def _what_is_wrong(proxy: str) -> str | None:
    try:
        address = prepend_scheme_if_needed(proxy, "http")  # type: ignore[no-untyped-call]
        parsed = parse_url(address)
        if not parsed.host:
            return f"names no host: {_EXAMPLE}"
        if parsed.scheme not in ("http", "https"):
            return f"has a scheme that is not supported: {_EXAMPLE}"
        # requests does the same for each request, and raises a different exception for each kind of mistake.
        urlsplit(proxy)
        HTTPAdapter().proxy_manager_for(address)
    except (ValueError, TypeError, AttributeError):
        return f"is not a proxy's address: {_EXAMPLE}, with %2F for / in a password"
    return None


def _variable_of(proxy: str) -> str:
    names = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    return next((name for name in names if os.environ.get(name) == proxy), "HTTPS_PROXY")
