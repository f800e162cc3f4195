import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from rootfi_pulumi.sdk_internals.engine_connection import connections
from tests.support.systems import LINUX

pytestmark = LINUX


@contextmanager
def served(listening: socket.socket) -> Iterator[int]:
    """A client that is connected to this process; yields this end's file descriptor."""
    with listening, socket.socket(listening.family) as client:
        client.connect(listening.getsockname())
        accepted, _ = listening.accept()
        with accepted:
            yield accepted.fileno()


def test_connections_are_those_of_a_server() -> None:
    with served(socket.create_server(("127.0.0.1", 0))) as fd:
        assert connections() == [fd]
    assert connections() == []


def test_connections_of_another_kind_of_socket_are_none() -> None:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"\0rootfi-test-{os.getpid()}")
    listening.listen()
    with served(listening):
        assert connections() == []
