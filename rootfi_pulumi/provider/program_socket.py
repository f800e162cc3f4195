"""Asks the program, from the processes that its engine started, on a socket that it serves.

Its address is derived from the port of the engine's server, which each of them knows. On Linux alone, where
such an address is no file that could be left behind.
"""

import os
import socket
import struct
import sys
from contextlib import suppress

# A client id may have 64 KiB, each of whose characters JSON may write as six.
LONGEST_QUESTION = _LONGEST_ANSWER = 1 << 20
"""Bytes of a question, and of an answer."""


def address(port: int) -> str:
    """Return the socket's address, by the port of the engine's server."""
    return f"\0rootfi-pulumi-{port}"


def ask(port: int, question: bytes, patience: float) -> bytes | None:
    """Return the program's answer to one line; empty if none came within `patience` seconds.

    None if no program of this user listens.
    """
    if sys.platform != "linux":
        return None
    with socket.socket(socket.AF_UNIX) as program:
        program.settimeout(patience)
        try:
            program.connect(address(port))
        except OSError:
            return None
        if not is_of_this_user(program):
            return None
        with suppress(OSError):
            program.sendall(question + b"\n")
            with program.makefile("rb") as answer:
                return answer.read(_LONGEST_ANSWER)
    return b""


def is_of_this_user(connection: socket.socket) -> bool:
    """Return whether the process at the other end is of the user of this one."""
    # Every user of the machine can connect to such an address, or listen there first.
    peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", peer)[1] == os.getuid())
