"""Hides the plugin's death from the engine until the creates that it had under way are noted.

The engine removes a create that failed from the state. It learns of the plugin's death when their connection
closes, which is when the last process that holds it ends. So before its first create the plugin starts a
process that holds the connection and waits. When the plugin dies during a create, that process asks the
program to note what may have been created (`create_journal`), and then ends. If the program is dead too, or
cannot note it, the process kills the engine: the creates under way stay in the state as pending.

A run that creates nothing starts no process. Linux with `/proc` only: elsewhere the engine learns of the
death at once.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rootfi_pulumi.provider.phrases import ENDS_AT_ONCE, PROVIDER_FAILED
from rootfi_pulumi.provider.program_client import ask, can_ask_program
from rootfi_pulumi.sdk_internals.engine_connection import connections
from rootfi_pulumi.sdk_internals.engine_process import engine_port_of_plugin, kill, listener
from rootfi_pulumi.sdk_internals.sdk_call import variable_of_caller

NOTE = b"note"
"""The question to the program: note what is under way."""
NOTED = b"noted"
"""The program's answer once everything that was under way is in the state."""

_BEGUN, _ENDED = b"+", b"-"
# Seconds that the program may take to write a note and to look for it.
_PATIENCE = 60
# Seconds that the engine gets to show a line.
_TO_BE_READ = 1


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
        # Without the process a create is as safe as on other systems.
        with self._lock, suppress(OSError):
            engine = engine_port_of_plugin()
            if self._watcher is None and engine and can_ask_program():
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
        # A signal to the plugin's process group must not end it.
        start_new_session=True,
    )


def describe_ending(why: str) -> str:
    """Return the end of a message for a run that ends because a create could not be noted.

    Such a message has one line: an engine that is killed shows no more of it.
    """
    return f"{why}, so {ENDS_AT_ONCE}: run `pulumi cancel`, then `pulumi up`, which lists the steps"


def watch(engine: int) -> None:
    """Wait until the plugin has died, and have the creates that it had under way noted."""
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
        ending = describe_ending("the program did not note it")
        sys.stderr.write(f"rootfi: {PROVIDER_FAILED}, so RootFi may have the integration: {ending}\n")
        sys.stderr.flush()
        time.sleep(_TO_BE_READ)
    pid = listener(engine)
    if pid is not None:
        kill(pid)
