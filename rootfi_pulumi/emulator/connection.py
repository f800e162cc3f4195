"""Close a connection without a response, or after bytes that are not HTTP.

ASGI has no message for either: if an application sends nothing, its server responds with 500. So `Connection`
passes its transport to the application in the scope's `state`, which ASGI leaves to the server.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Connection(H11Protocol):
    """uvicorn's HTTP/1.1 protocol, which also puts its transport into every scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Remember the transport."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Close the connection of a request; return when the server has noticed."""
    scope["state"]["transport"].abort()
    await _disconnected(receive)


async def write_raw(raw: bytes, scope: Scope, receive: Receive) -> None:
    """Write bytes to the connection of a request and close it; return when the server has noticed."""
    transport = scope["state"]["transport"]
    transport.write(raw)
    transport.close()
    await _disconnected(receive)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
