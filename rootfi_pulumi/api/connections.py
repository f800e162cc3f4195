"""urllib3's connections, made so that a call never outlives its deadline and "not sent" is certain.

`requests` and urllib3 time each wait for a byte, but not the whole: a server that sends a byte a minute
would keep a call for ever. What is not bounded is the system's own look-up of a host's name.
"""

import contextlib
import functools
import io
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError, SSLError
from urllib3.util.ssl_ import create_urllib3_context

from rootfi_pulumi.api.clock import Deadline

CONNECT_TIMEOUT = 10.0
# Seconds without a byte; RootFi's own SDK waits as long.
READ_TIMEOUT = 60.0

_DEADLINE: ContextVar[Deadline] = ContextVar("the deadline of this thread's call")


@contextmanager
def bounded_by(deadline: Deadline) -> Iterator[None]:
    """Bound what this thread reads from its connections."""
    token = _DEADLINE.set(deadline)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def timeouts() -> tuple[float, float]:
    """Return the seconds for which this thread may wait to be connected, and for each byte of the answer."""
    # Of no time at all, no timeout could be made.
    left = max(_DEADLINE.get().left(), 0.001)
    return min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left)


class NotTrusted(NewConnectionError):
    """TLS could not be agreed on, and would not be the next time."""


class _Response(HTTPResponse):
    """An answer for which every interim one before it is passed over: http.client knows 100 alone."""

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        is_interim = (
            HTTPStatus.CONTINUE <= status < HTTPStatus.OK and status != HTTPStatus.SWITCHING_PROTOCOLS
        )
        return version, HTTPStatus.CONTINUE if is_interim else status, reason


class _OneTimeout(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        # urllib3 gives all the time to each address of the host in turn.
        with contextlib.suppress(OSError, UnicodeError):
            addresses = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
            self.timeout = timeouts()[0] / len(addresses)
        return super()._new_conn()


class _Connection(_OneTimeout):
    response_class = _Response

    def connect(self) -> None:
        super().connect()
        self.sock: Any = _Socket(self.sock)


class _SecureConnection(_OneTimeout, HTTPSConnection):
    response_class = _Response

    def _tunnel(self) -> None:
        sock = self.sock
        self.sock = _Socket(sock)
        super()._tunnel()
        self.sock = sock
        # For the handshake, what is left now.
        sock.settimeout(timeouts()[0])

    def connect(self) -> None:
        # A failed handshake is not told from a failed answer by its class; here it is certain that
        # nothing was sent.
        try:
            if self.ssl_context is None:
                self.ssl_context = _context(self.ca_certs, self.ca_cert_dir)
                self.ca_certs = self.ca_cert_dir = None
            super().connect()
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise NewConnectionError(self, "TLS: the connection ended") from error
        except ssl.SSLError as error:
            raise NotTrusted(self, f"TLS: {error.reason or error}") from error
        except SSLError as error:
            # A CA bundle that is none.
            raise NotTrusted(self, f"TLS: {error}") from error
        except (OSError, HTTPException) as error:
            # A proxy that speaks no HTTP, too.
            raise NewConnectionError(self, str(error) or "timed out") from error
        self.sock: Any = _Socket(self.sock)


@functools.cache
def _context(ca_certs: str | None, ca_cert_dir: str | None) -> ssl.SSLContext:
    # Made by urllib3 anew for each connection otherwise: 20 ms of a processor, most of it to read the bundle.
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.load_verify_locations(ca_certs, ca_cert_dir)
    return context


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _SecurePool}
"""For `PoolManager.pool_classes_by_scheme`."""


class _Socket:
    """A socket that hands out files whose reading ends at the deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_Bytes(self._sock))


class _Bytes(io.RawIOBase):
    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = _DEADLINE.get().left()
        if not left:
            raise TimeoutError
        self._sock.settimeout(min(READ_TIMEOUT, left))
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()
