"""Lets the engine learn that the plugin died in the middle of a create when that is noted, and not before.

The engine takes a create that failed out of the state. It learns of the plugin's death by its connection,
which ends with the last process that holds it. So before its first create the plugin starts a process that
holds it as well, and otherwise waits. When the plugin dies with a create under way, that process asks the
program to note what may have been created (`create_journal`), and only then ends. Where the program is dead,
too, or cannot note it, the engine is ended: what was under way stays in the state as pending.

A run that creates nothing starts nothing. On Linux alone: elsewhere the engine learns of it at once.
"""

import inspect
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rootfi_pulumi.engine_process import listener

NOTED = b"noted"
"""What the program answers when everything that was under way is in the state."""

_BEGUN, _ENDED = b"+", b"-"
# Seconds: what the program takes at most to make a note and to look for it.
_PATIENCE = 60
# Seconds in which the engine shows a line.
_TO_BE_READ = 1
_LAST_WORDS = (
    "rootfi: the provider's process died while it created an integration, so RootFi may have it; the program "
    "did not note it, so this run ends at once, which keeps what was under way in the stack's state as "
    "pending: run `pulumi cancel`, then `pulumi up`, which will not create it again, but say what to do\n"
)


def meeting_place(port: int) -> str:
    """Return the socket on which the program answers, by the port of the engine's server; it is no file."""
    return f"\0rootfi-pulumi-{port}"


class CreateWatch:
    """Counts the creates under way for the process that watches the plugin."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watcher: subprocess.Popen[bytes] | None = None

    @contextmanager
    def create(self) -> Iterator[None]:
        """Count one create, from here until the engine has its answer."""
        self._send(_BEGUN)
        call = _call()
        if call is None or not call.add_callback(lambda: self._send(_ENDED)):
            try:
                yield
            finally:
                self._send(_ENDED)
        else:
            yield

    def _send(self, what: bytes) -> None:
        # Without it a create is as safe as elsewhere than on Linux.
        with self._lock, suppress(OSError, ValueError, IndexError):
            if self._watcher is None:
                self._watcher = _start(int(sys.argv[1].rpartition(":")[2]))
            if self._watcher.stdin:
                self._watcher.stdin.write(what)


def _call() -> Any:
    # The SDK hands its provider no more than the properties; what it was called with is in its frame.
    frame = inspect.currentframe()
    while frame := frame and frame.f_back:
        call = frame.f_locals.get("context")
        if hasattr(call, "add_callback"):
            return call
    return None


def _start(engine: int) -> subprocess.Popen[bytes]:
    code = (
        f"import sys; sys.path = {sys.path!r}; from rootfi_pulumi.create_watch import watch; watch({engine})"
    )
    return subprocess.Popen(  # noqa: S603 (this Python and this package)
        [sys.executable, "-S", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        bufsize=0,
        pass_fds=_connections(),
        # What ends the plugin with all that belongs to it must not end this.
        start_new_session=True,
    )


def _connections() -> list[int]:
    """Return the sockets on which this process, a server, is connected."""
    listening, connected = set(), {}
    for file in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            fd = int(file.name)
            if not stat.S_ISSOCK(os.fstat(fd).st_mode):
                continue
            with socket.socket(fileno=os.dup(fd)) as copy:
                if copy.family not in (socket.AF_INET, socket.AF_INET6):
                    continue
                port = copy.getsockname()[1]
                if copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    listening.add(port)
                else:
                    connected[fd] = port
    return [fd for fd, port in connected.items() if port in listening]


def watch(engine: int) -> None:
    """Wait until the plugin has died, and see to what it had under way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    under_way = 0
    while told := os.read(0, 4096):
        under_way += told.count(_BEGUN) - told.count(_ENDED)
    if under_way <= 0:
        return
    answer = _answer(engine)
    if answer == NOTED:
        return
    if not answer:
        sys.stderr.write(_LAST_WORDS)
        sys.stderr.flush()
        time.sleep(_TO_BE_READ)
    pid = listener(engine)
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _answer(engine: int) -> bytes:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as program:
        program.settimeout(_PATIENCE)
        program.connect(meeting_place(engine))
        peer = program.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        # Any user of the machine may have come to that place first.
        if struct.unpack("3i", peer)[1] == os.getuid():
            return program.recv(len(NOTED))
    return b""
