"""Asks the program a question over the socket that it serves, from a process that its engine started.

The address is derived from the port of the engine's server, which all of these processes know. Linux only:
such an address is not a file there, so nothing can be left behind.
"""

import os
import socket
import struct
import sys
from contextlib import suppress

# A client id may have 64 KiB, and JSON may write each character as six.
LONGEST_QUESTION = _LONGEST_ANSWER = 1 << 20
"""Bytes of a question, and of an answer."""


def address(port: int) -> str:
    """Return the socket's address, by the port of the engine's server."""
    return f"\0rootfi-pulumi-{port}"


def can_ask_program() -> bool:
    """Return whether this system has such sockets."""
    return sys.platform == "linux" and hasattr(socket, "AF_UNIX")


def ask(port: int, question: bytes, patience: float) -> bytes | None:
    """Return the program's answer to one line; empty if none came within `patience` seconds.

    None if no program of this user listens.
    """
    if not can_ask_program():
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
    """Return whether the process at the other end belongs to the user of this one."""
    # Any user of the machine can connect to such an address, or listen there first.
    peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", peer)[1] == os.getuid())
