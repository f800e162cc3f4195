"""Waits for the end of the engine, by the pipe from which it reads the plugin's standard output.

The engine reads it until the engine ends, in whatever way. No documentation says so: where the engine has
stopped reading and lives on, the address of its server, the plugin's argument, says that it does.
"""

import select
import socket
import time

from rootfi_pulumi.sdk_internals.engine_process import engine_port_of_plugin

PIPE = 1
"""The file descriptor of the plugin's standard output."""

# Seconds.
_PAUSE = 0.2
_PATIENCE = 5


def wait_for_end_of_engine(fd: int = PIPE) -> None:
    """Return when no process can read this pipe and the engine's server, if it is known, has gone as well.

    Never return if this is no pipe.
    """
    pipe = select.poll()
    # poll reports the error of a closed pipe without being asked for it; nothing else ends the wait.
    pipe.register(fd, 0)
    pipe.poll()
    port = engine_port_of_plugin()
    while port and _has_server(port):
        time.sleep(_PAUSE)


def _has_server(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), _PATIENCE).close()
    except OSError:
        return False
    return True
