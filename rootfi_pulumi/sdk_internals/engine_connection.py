"""Finds the sockets on which the engine is connected to the plugin.

The SDK's plugin serves the engine by gRPC, which gives no access to its connections. They are found among the
process's file descriptors: those that are connected to a port on which this process listens.
"""

import os
import socket
import stat
from contextlib import suppress
from pathlib import Path


def can_find_connections() -> bool:
    """Return whether this system shows the file descriptors of a process."""
    return os.access("/proc/self/fd", os.R_OK)


def connections() -> list[int]:
    """Return their file descriptors; none if the plugin is served in another way.

    Raises OSError where `/proc` cannot be read.
    """
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
