"""The way in to the page and the control routes: for programs and for the page, and for no other web page.

A browser lets any page send requests to this machine. The name in `Host` is what such a page cannot choose if
its own name is made to lead here (DNS rebinding), and `Origin` and `Sec-Fetch-Site` say whose page is asking.
Programs send neither of the two.
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
    """An ASGI application around the one that has the page and the control routes."""

    def __init__(self, app: Any) -> None:
        self._app = app

    @staticmethod
    def is_guarded(scope: Scope) -> bool:
        """Whether a request is for the page or for control, and no request to RootFi."""
        return scope["path"].startswith(f"{PREFIX}/") or _opens_the_page(scope)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        is_opening = _opens_the_page(scope)
        refusal = _refusal(Headers(scope=scope), is_opening=is_opening)
        app = Response(refusal.body, refusal.status, refusal.headers) if refusal else self._app
        await app({**scope, "path": HOME} if is_opening else scope, receive, _guarded(send))


def _opens_the_page(scope: Scope) -> bool:
    # RootFi has nothing at `/`, so whoever takes its answers for JSON is still told 404 there.
    is_root = scope["method"] == "GET" and scope["path"] == "/"
    return is_root and "text/html" in Headers(scope=scope).get("accept", "")


def _refusal(headers: Headers, *, is_opening: bool) -> HttpResponse | None:
    host = headers.get("host", "")
    if not _THIS_MACHINE.fullmatch(host):
        return error_response(403, "only 127.0.0.1 and localhost lead to the page and the control routes")
    origin = headers.get("origin", f"http://{host}")
    is_own = origin.lower() == f"http://{host}".lower()
    # A link on another site may open the page; it cannot read or frame what it opens.
    if is_opening or (is_own and headers.get("sec-fetch-site", "none") in _OWN_OR_TYPED):
        return None
    return error_response(403, "no other web page may use the control routes")


def _guarded(send: Send) -> Send:
    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return guarded
