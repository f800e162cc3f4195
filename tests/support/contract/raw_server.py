"""A server on a real socket that answers whatever a test gives it, HTTP or not."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.fake_clock import FakeClock
from tests.support.patience import PATIENCE


def read_head(connection: socket.socket) -> bytes:
    """Read until the end of a request's head has come, and return it with what came after it."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _received(connection)
    return received


def read_request(connection: socket.socket) -> None:
    """Read to the end of a request: what is closed with something unread is reset, its answer too."""
    head, _, body = read_head(connection).partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += _received(connection)


@contextmanager
def serving(
    answer: Callable[[socket.socket], None], read: Callable[[socket.socket], object] = read_request
) -> Iterator[str]:
    """Let each connection be read from and answered by functions; yields the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    try:
                        read(connection)
                        answer(connection)
                    except OSError:
                        # The client has had enough.
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=PATIENCE)


@dataclass
class Trickle:
    """Answers with a beginning, then a byte now and then for as long as the client listens.

    Each byte takes 20 s of the clock. However busy the machine is, a client that reads on after its deadline
    is still connected after the last byte, and one that does not has left long before.
    """

    clock: FakeClock
    first: bytes
    answers: int = 0
    has_left: bool = False

    def __call__(self, connection: socket.socket) -> None:
        """Answer one connection."""
        self.answers += 1
        try:
            connection.sendall(self.first)
            for _ in range(500):
                connection.sendall(b"x")
                self.clock.sleep(20)
                threading.Event().wait(0.01)
        except OSError:
            self.has_left = True


def _received(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise ConnectionError("the client has left")
    return received
