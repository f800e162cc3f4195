"""Waits for the end of the engine, by the pipe from which it reads the plugin's standard output.

The engine reads it until the engine ends, in whatever way. No documentation says so: where the engine has
stopped reading and lives on, the address of its server, the plugin's argument, says that it does.

Only Linux is known to report a closed pipe in this way. Elsewhere the server alone is asked.
"""

import select
import socket
import sys
import threading
import time

from rootfi_pulumi.sdk_internals.engine_process import engine_port_of_plugin

PIPE = 1
"""The file descriptor of the plugin's standard output."""

# Seconds.
_PAUSE = 0.2
_PATIENCE = 5
# A server that is busy may refuse a connection, so the engine is gone only after this many refusals in a row.
_REFUSALS = 5


def wait_for_end_of_engine(fd: int = PIPE) -> None:
    """Return when no process can read this pipe and the engine's server, if it is known, has gone as well.

    Never return if this is no pipe. Where a pipe cannot be watched, return when the server has gone, and
    never if it is not known.
    """
    port = engine_port_of_plugin()
    if can_watch_pipe():
        pipe = select.poll()
        # poll reports the error of a closed pipe without being asked for it; nothing else ends the wait.
        pipe.register(fd, 0)
        pipe.poll()
        while port and _has_server(port):
            time.sleep(_PAUSE)
    elif port:
        _wait_for_end_of_server(port)
    else:
        threading.Event().wait()


def _wait_for_end_of_server(port: int) -> None:
    refusals = 0
    while refusals < _REFUSALS:
        time.sleep(_PAUSE)
        refusals = 0 if _has_server(port) else refusals + 1


def can_watch_pipe() -> bool:
    """Return whether this system reports that no process reads a pipe."""
    return sys.platform == "linux" and hasattr(select, "poll")


def _has_server(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), _PATIENCE).close()
    except OSError:
        return False
    return True
