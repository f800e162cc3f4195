import subprocess
import sys
from collections.abc import Iterator

import pytest

from rootfi_pulumi.engine_process import listener

LISTEN = """
import socket, sys
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def engine() -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", LISTEN], stdin=pipe, stdout=pipe, text=True) as process:
        yield process
        process.kill()


def test_who_listens_on_a_port_is_found(engine: subprocess.Popen[str]) -> None:
    assert engine.stdout
    assert listener(int(engine.stdout.readline())) == engine.pid


def test_a_port_where_no_process_listens_finds_none(engine: subprocess.Popen[str]) -> None:
    assert engine.stdout
    port = int(engine.stdout.readline())
    engine.kill()
    engine.wait()
    assert listener(port) is None
