"""Run a uvicorn server on 127.0.0.1 in its own thread."""

import asyncio
import os
import socket
import threading
from concurrent.futures import Future
from typing import Any

import uvicorn

from rootfi_pulumi.emulator.connection import Connection

HOST = "127.0.0.1"
# Seconds. Closing an idle connection earlier would be a fault that the test did not inject.
_KEEP_ALIVE = 3600


class _Server(uvicorn.Server):
    """Stops at once. uvicorn's server polls for its end and lets open requests finish."""

    def __init__(self, config: uvicorn.Config, started: Future[None]) -> None:
        super().__init__(config)
        self._running = started
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Stop the server, from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._running.set_result(None)
        await self._stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - asyncio closes them
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class ServerThread:
    """Serves an ASGI application from its creation until `stop()`.

    `port` 0 takes a free one. Raises `OSError` if the port is not available.
    """

    def __init__(self, app: Any, port: int) -> None:
        self._socket = _listening(port)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self._started: Future[None] = Future()
        self._server = _Server(_config(app), self._started)
        self._thread = threading.Thread(target=self._run, name="rootfi-emulator", daemon=True)
        self._thread.start()
        self._started.result()

    def stop(self) -> None:
        """Close every connection, even one that waits, and end the thread."""
        self._server.stop()
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._socket]))
        except BaseException as error:
            if self._started.done():
                raise
            self._socket.close()
            self._started.set_exception(error)


def _listening(port: int) -> socket.socket:
    # asyncio disables Nagle's algorithm, which delays responses by 40 ms, only if IPPROTO_TCP is given.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            # On Windows it would let another process serve the same port.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


def _config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_KEEP_ALIVE,
    )
