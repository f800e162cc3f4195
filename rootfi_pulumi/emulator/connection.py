"""Closing a connection without an answer, or after bytes that are none.

ASGI has no message for either: an application that says nothing gets a 500 from its server. So the
connection's transport is handed to the application in the scope's `state`, where ASGI lets a server put what
it likes.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Connection(H11Protocol):
    """uvicorn's HTTP/1.1 connection, with its transport in every scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Note the transport."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Close the connection of a request; returns when the server has noticed."""
    scope["state"]["transport"].abort()
    await _disconnected(receive)


async def write_raw(raw: bytes, scope: Scope, receive: Receive) -> None:
    """Write bytes to the connection of a request and close it; returns when the server has noticed."""
    transport = scope["state"]["transport"]
    transport.write(raw)
    transport.close()
    await _disconnected(receive)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
