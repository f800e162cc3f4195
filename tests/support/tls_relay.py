"""The emulator over TLS, at its own address or behind a corporate proxy that decrypts the traffic."""

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import trustme

from tests.support.contract.raw_server import read_head

TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"


@contextmanager
def over_tls(url: str, authority: trustme.CA) -> Iterator[str]:
    """Offer what answers at a URL of this machine over TLS as well; yields that URL."""
    context = _context(authority, "127.0.0.1")
    with _serving(lambda connection: _relay(connection, context, url)) as address:
        yield f"https://{address}"


@contextmanager
def corporate_proxy(url: str, authority: trustme.CA, hosts: list[str]) -> Iterator[str]:
    """Serve a proxy that is each of these hosts, with certificates of a CA, and answers what a URL answers.

    It yields the address of the proxy and refuses every other host.
    """
    contexts = {f"{host}:443": _context(authority, host) for host in hosts}

    def serve(connection: socket.socket) -> None:
        method, target, *_ = read_head(connection).decode().split()
        if method != "CONNECT" or target not in contexts:
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            return
        connection.sendall(TUNNEL)
        _relay(connection, contexts[target], url)

    with _serving(serve) as address:
        yield f"http://{address}"


def _context(authority: trustme.CA, host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


@contextmanager
def _serving(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                serve(self.request)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def _relay(connection: socket.socket, context: ssl.SSLContext, url: str) -> None:
    port = int(url.rpartition(":")[2])
    with (
        context.wrap_socket(connection, server_side=True) as client,
        socket.create_connection(("127.0.0.1", port)) as server,
    ):
        threading.Thread(target=_copy, args=(server, client), daemon=True).start()
        _copy(client, server)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while received := source.recv(65536):
            target.sendall(received)
