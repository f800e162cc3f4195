"""Ports of this machine that nothing listens on yet."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved_port() -> Iterator[int]:
    """Keep a free port from all other processes while the block runs.

    A server that sets SO_REUSEADDR, as PostgreSQL and the emulator do, can listen there all the same.
    """
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(("127.0.0.1", 0))
        yield reserved.getsockname()[1]
