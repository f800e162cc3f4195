"""A RootFi over TLS on this machine, whose certificate a test's own CA signs."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import trustme

from tests.support.contract.raw_server import read_request
from tests.support.patience import PATIENCE

_BODY = b'{"data": {"rootfi_id": 7}}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(_BODY),
    _BODY,
)


@contextmanager
def secure(certificate: trustme.LeafCert, answer: bytes = ANSWER) -> Iterator[str]:
    """Answer the first connection with integration 7, if its client trusts the certificate; yields the URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)

    def greet(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            read_request(secured)
            secured.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            try:
                greet(server.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}"
        thread.join(timeout=PATIENCE)
