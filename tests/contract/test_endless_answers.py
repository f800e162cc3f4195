"""An endless response, from a server that counts the bytes that the client reads."""

import gzip
import socket
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rootfi_pulumi.api.errors import UnreadableAnswer
from tests.support.contract.plugin import client_of
from tests.support.patience import PATIENCE

_MEGABYTE = 1_000_000
# Bytes: far less than is sent, a little more than the client and its libraries keep.
_LITTLE = 10 * _MEGABYTE
_HEAD = "HTTP/1.1 {}\r\nContent-Encoding: {}\r\nContent-Length: 1000000000000\r\n\r\n"


class Server:
    """Responds to one request with an endless body, until the client disconnects."""

    def __init__(self, listening: socket.socket, head: str, piece: bytes) -> None:
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self.sent = 0
        self._listening = listening
        self._head = head.encode()
        self._piece = piece

    def serve(self) -> None:
        connection, _ = self._listening.accept()
        with connection:
            connection.recv(65536)
            try:
                connection.sendall(self._head)
                while self.sent < 1000 * _MEGABYTE:
                    self.sent += connection.send(self._piece)
            except OSError:
                return


@contextmanager
def serving(head: str, piece: bytes) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # A small buffer, so that only what the client reads is sent, and not what the system would buffer.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        server = Server(listening, head, piece)
        thread = threading.Thread(target=server.serve)
        thread.start()
        yield server
        thread.join(timeout=PATIENCE)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    ("encoding", "piece"),
    [("identity", b"x" * 65536), ("gzip", gzip.compress(b"\0" * 10 * _MEGABYTE))],
    ids=["plain", "gzip"],
)
def test_of_an_answer_without_an_end_little_is_read_and_less_kept(encoding: str, piece: bytes) -> None:
    with serving(_HEAD.format("200 OK", encoding), piece) as server:
        client = client_of(server.url)
        tracemalloc.start()
        try:
            with pytest.raises(UnreadableAnswer, match="more than 1048576 bytes"):
                client.get_integration(1234)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < _LITTLE
    assert server.sent < _LITTLE
