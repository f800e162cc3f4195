"""urllib3's connections, made so that a call never outlives its deadline and "not sent" is certain.

`requests` and urllib3 time each wait for a byte, but not the whole: a server that sends a byte a minute
would keep a call for ever.
"""

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
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError
from urllib3.util.connection import create_connection

from rootfi_pulumi.api.certificate_authorities import describe_failure, has_unknown_issuer, tls_context
from rootfi_pulumi.api.clock import Deadline
from rootfi_pulumi.api.host_addresses import is_loopback, look_up

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


class NoTls(NewConnectionError):
    """TLS could not be agreed on, and would not be the next time."""


class UnknownIssuer(NoTls):
    """No CA that is trusted vouches for the other side."""


class NothingListens(NewConnectionError):
    """A loopback address refused the connection: nothing listens there."""


class _Response(HTTPResponse):
    """An answer for which every interim one before it is passed over: http.client knows 100 alone."""

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        is_interim = (
            HTTPStatus.CONTINUE <= status < HTTPStatus.OK and status != HTTPStatus.SWITCHING_PROTOCOLS
        )
        return version, HTTPStatus.CONTINUE if is_interim else status, reason


class _Bounded(HTTPConnection):
    """Connects within the time that is left, where urllib3 gives all of it to each address in turn."""

    def _new_conn(self) -> socket.socket:
        found = self._addresses()
        self.timeout = timeouts()[0] / len(found)
        error: HTTPError = NewConnectionError(self, "the host has no address")
        for address in found:
            try:
                return create_connection(
                    (address, self.port), self.timeout, self.source_address, self.socket_options
                )
            except TimeoutError:
                error = ConnectTimeoutError(self, "timed out")
            except ConnectionRefusedError as refusal:
                kind = NothingListens if all(map(is_loopback, found)) else NewConnectionError
                error = kind(self, f"{refusal.strerror} by {self.host}, port {self.port}")
            except OSError as failed:
                if isinstance(error, NothingListens):
                    # Of localhost, the address of the other family may not exist.
                    continue
                error = NewConnectionError(self, f"Failed to establish a new connection: {failed}")
        raise error

    def _addresses(self) -> list[str]:
        left = max(_DEADLINE.get().left(), 0.001)
        try:
            return look_up(self._dns_host, self.port, left)
        except TimeoutError:
            raise NewConnectionError(self, f"the look-up of {self.host} was not answered in time") from None
        except OSError as error:
            raise NewConnectionError(self, f"Failed to resolve '{self.host}' ({error})") from None


class _Connection(_Bounded):
    response_class = _Response

    def connect(self) -> None:
        super().connect()
        self.sock: Any = _Socket(self.sock)


class _SecureConnection(_Bounded, HTTPSConnection):
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
                self.ssl_context = tls_context(self.ca_certs, self.ca_cert_dir)
                self.ca_certs = self.ca_cert_dir = None
                if self.proxy_config and self.proxy_config.ssl_context is None:
                    # The way to a proxy may be TLS itself.
                    self.proxy_config = self.proxy_config._replace(ssl_context=self.ssl_context)
            super().connect()
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise NewConnectionError(self, "TLS: the connection ended") from error
        except ssl.SSLError as error:
            kind = UnknownIssuer if has_unknown_issuer(error) else NoTls
            raise kind(self, describe_failure(error)) from error
        except SSLError as error:
            # A CA bundle that is none.
            raise NoTls(self, f"TLS: {error}") from error
        except (OSError, HTTPException) as error:
            # A proxy that speaks no HTTP, too.
            raise NewConnectionError(self, str(error) or "timed out") from error
        self.sock: Any = _Socket(self.sock)


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
