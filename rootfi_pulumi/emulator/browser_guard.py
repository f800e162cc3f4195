"""Protect the page and the control routes from other web pages in the same browser.

Any web page can send requests to this machine. Checking `Host` stops DNS rebinding, where a foreign name
resolves to 127.0.0.1; checking `Origin` and `Sec-Fetch-Site`, which programs do not send, stops cross-site
requests.
"""

import re
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

from rootfi_pulumi.emulator.connection import Receive, Scope, Send
from rootfi_pulumi.emulator.control import PREFIX
from rootfi_pulumi.emulator.page import HOME
from rootfi_pulumi.emulator.responses import HttpResponse, error_response

_THIS_MACHINE = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
# `Sec-Fetch-Site` of the page's own requests, and of an address that the user typed.
_OWN_OR_TYPED = {"same-origin", "none"}
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class BrowserGuard:
    """ASGI middleware in front of the page and the control routes."""

    def __init__(self, app: Any) -> None:
        self._app = app

    @staticmethod
    def is_guarded(scope: Scope) -> bool:
        """Return whether a request is for the page or a control route, not for RootFi."""
        return scope["path"].startswith(f"{PREFIX}/") or _opens_the_page(scope)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403."""
        is_opening = _opens_the_page(scope)
        refusal = _refusal(Headers(scope=scope), is_opening=is_opening)
        app = Response(refusal.body, refusal.status, refusal.headers) if refusal else self._app
        await app({**scope, "path": HOME} if is_opening else scope, receive, _guarded(send))


def _opens_the_page(scope: Scope) -> bool:
    # RootFi has nothing at `/`, so a client that does not accept HTML gets a 404 there, too.
    is_root = scope["method"] == "GET" and scope["path"] == "/"
    return is_root and "text/html" in Headers(scope=scope).get("accept", "")


def _refusal(headers: Headers, *, is_opening: bool) -> HttpResponse | None:
    host = headers.get("host", "")
    if not _THIS_MACHINE.fullmatch(host):
        return error_response(403, "the page and the control routes need 127.0.0.1 or localhost as the host")
    origin = headers.get("origin", f"http://{host}")
    is_own = origin.lower() == f"http://{host}".lower()
    # A link on another site may open the page: that site can neither read nor frame it.
    if is_opening or (is_own and headers.get("sec-fetch-site", "none") in _OWN_OR_TYPED):
        return None
    return error_response(403, "other web pages may not use the control routes")


def _guarded(send: Send) -> Send:
    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return guarded
