"""A process that listens on a port, as an engine does."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_LISTEN = """
import socket, sys
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
sys.stdin.read()
"""


@contextmanager
def listening() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start one; with its port."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", _LISTEN], stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        yield process, int(process.stdout.readline())
        process.kill()
