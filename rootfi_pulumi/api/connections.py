"""urllib3 connections that obey a call's deadline and raise distinct errors when nothing was sent.

The timeouts of requests and urllib3 apply to each wait for a byte, not to the whole call: a server that sends
one byte a minute would block a call for ever.
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
# Seconds without a byte; the `rootfi-api` SDK waits as long.
READ_TIMEOUT = 60.0

_DEADLINE: ContextVar[Deadline] = ContextVar("the deadline of this thread's call")


@contextmanager
def bounded_by(deadline: Deadline) -> Iterator[None]:
    """End what this thread does on its connections at the deadline."""
    token = _DEADLINE.set(deadline)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def timeouts() -> tuple[float, float]:
    """Return the seconds that this thread may wait for a connection, and for each byte of the response."""
    # requests rejects a timeout of 0.
    left = max(_DEADLINE.get().left(), 0.001)
    return min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left)


class NoTls(NewConnectionError):
    """The TLS handshake failed, and would fail again."""


class UnknownIssuer(NoTls):
    """No trusted CA issued the peer's certificate."""


class NothingListens(NewConnectionError):
    """A loopback address refused the connection."""


class _Response(HTTPResponse):
    """A response that skips all interim (1xx) responses before it; http.client skips only 100."""

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        is_interim = (
            HTTPStatus.CONTINUE <= status < HTTPStatus.OK and status != HTTPStatus.SWITCHING_PROTOCOLS
        )
        return version, HTTPStatus.CONTINUE if is_interim else status, reason


class _Bounded(HTTPConnection):
    """Connects before the deadline; urllib3 would apply the whole timeout to each address in turn."""

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
                    # localhost may have an IPv6 address on a machine without IPv6: keep the first error.
                    continue
                error = NewConnectionError(self, f"Failed to establish a new connection: {failed}")
        raise error

    def _addresses(self) -> list[str]:
        left = max(_DEADLINE.get().left(), 0.001)
        try:
            return look_up(self._dns_host, self.port, left)
        except TimeoutError:
            raise NewConnectionError(self, f"the DNS lookup of {self.host} timed out") from None
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
        # CONNECT took some of the time; the handshake gets the rest.
        sock.settimeout(timeouts()[0])

    def connect(self) -> None:
        # urllib3 raises the same classes for a failed handshake and a failed response. Only here is it
        # certain that nothing was sent.
        try:
            if self.ssl_context is None:
                self.ssl_context = tls_context(self.ca_certs, self.ca_cert_dir)
                self.ca_certs = self.ca_cert_dir = None
                if self.proxy_config and self.proxy_config.ssl_context is None:
                    # The connection to the proxy may use TLS, too.
                    self.proxy_config = self.proxy_config._replace(ssl_context=self.ssl_context)
            super().connect()
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise NewConnectionError(self, "TLS: the connection ended") from error
        except ssl.SSLError as error:
            kind = UnknownIssuer if has_unknown_issuer(error) else NoTls
            raise kind(self, describe_failure(error)) from error
        except SSLError as error:
            # The CA bundle holds no certificate.
            raise NoTls(self, f"TLS: {error}") from error
        except (OSError, HTTPException) as error:
            # This includes a proxy that does not speak HTTP.
            raise NewConnectionError(self, str(error) or "timed out") from error
        self.sock: Any = _Socket(self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _SecurePool}
"""The value for `PoolManager.pool_classes_by_scheme`."""


class _Socket:
    """A socket whose files stop reading at the deadline."""

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
