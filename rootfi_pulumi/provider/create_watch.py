"""Lets the engine learn that the plugin died in the middle of a create when that is noted, and not before.

The engine takes a create that failed out of the state. It learns of the plugin's death by its connection,
which ends with the last process that holds it. So before its first create the plugin starts a process that
holds it as well, and otherwise waits. When the plugin dies with a create under way, that process asks the
program to note what may have been created (`create_journal`), and only then ends. Where the program is dead,
too, or cannot note it, the engine is ended: what was under way stays in the state as pending.

A run that creates nothing starts nothing. On Linux alone: elsewhere the engine learns of it at once.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rootfi_pulumi.provider.program_socket import ask
from rootfi_pulumi.sdk_internals.engine_connection import connections
from rootfi_pulumi.sdk_internals.engine_process import engine_port_of_plugin, listener
from rootfi_pulumi.sdk_internals.sdk_call import variable_of_caller

NOTE = b"note"
"""The question to the program: note what is under way."""
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


class CreateWatch:
    """Counts the creates under way for the process that watches the plugin."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watcher: subprocess.Popen[bytes] | None = None

    @contextmanager
    def create(self) -> Iterator[None]:
        """Count one create, from here until the engine has its answer."""
        self._send(_BEGUN)
        call = variable_of_caller("context", "add_callback")
        if call is None or not call.add_callback(lambda: self._send(_ENDED)):
            try:
                yield
            finally:
                self._send(_ENDED)
        else:
            yield

    def _send(self, what: bytes) -> None:
        # Without it a create is as safe as elsewhere than on Linux.
        with self._lock, suppress(OSError):
            engine = engine_port_of_plugin()
            if self._watcher is None and engine:
                self._watcher = _start(engine)
            if self._watcher and self._watcher.stdin:
                self._watcher.stdin.write(what)


def _start(engine: int) -> subprocess.Popen[bytes]:
    call = f"from rootfi_pulumi.provider.create_watch import watch; watch({engine})"
    code = f"import sys; sys.path = {sys.path!r}; {call}"
    return subprocess.Popen(  # noqa: S603 (this Python and this package)
        [sys.executable, "-S", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        bufsize=0,
        pass_fds=connections(),
        # What ends the plugin with all that belongs to it must not end this.
        start_new_session=True,
    )


def watch(engine: int) -> None:
    """Wait until the plugin has died, and see to what it had under way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    under_way = 0
    while counted := os.read(0, 4096):
        under_way += counted.count(_BEGUN) - counted.count(_ENDED)
    if under_way <= 0:
        return
    answer = ask(engine, NOTE, _PATIENCE)
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
