"""The socket on which a program answers the processes that its engine started for it.

Its address is derived from the port of the engine's server, which each of them knows. On Linux alone, where
such an address is no file that could be left behind.
"""

import os
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The process that watches the plugin asks and does not serve: it must start fast.
    import asyncio

# A client id may have 64 KiB, each of whose characters JSON may write as six.
_LONGEST_QUESTION = _LONGEST_ANSWER = 1 << 20

_LISTENING: list[tuple["asyncio.AbstractEventLoop", socket.socket]] = []


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
        if not _is_of_this_user(program):
            return None
        with suppress(OSError):
            program.sendall(question + b"\n")
            with program.makefile("rb") as answer:
                return answer.read(_LONGEST_ANSWER)
    return b""


async def serve(port: int, answer: Callable[[bytes], Awaitable[bytes]]) -> "asyncio.Server | None":
    """Answer each line from a process of this user; return None where that is not possible."""
    import asyncio  # noqa: PLC0415

    async def answer_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # A line that is no question is not answered.
            with suppress(OSError, ValueError, KeyError, TypeError):
                if _is_of_this_user(writer.get_extra_info("socket")):
                    writer.write(await answer((await reader.readline()).rstrip()))
                    await writer.drain()
        finally:
            # The program's loop may have ended meanwhile.
            with suppress(RuntimeError):
                writer.close()

    if sys.platform != "linux":
        return None
    _close_those_of_ended_programs()
    listening = socket.socket(socket.AF_UNIX)
    try:
        listening.bind(address(port))
    except OSError:
        listening.close()
        return None
    _LISTENING.append((asyncio.get_running_loop(), listening))
    return await asyncio.start_unix_server(answer_one, sock=listening, limit=_LONGEST_QUESTION)


def _close_those_of_ended_programs() -> None:
    # A process may run one inline program after the other. That one has ended shows in its loop alone.
    for ended in [each for each in _LISTENING if not each[0].is_running()]:
        _LISTENING.remove(ended)
        ended[1].close()


def _is_of_this_user(connection: socket.socket) -> bool:
    # Every user of the machine can connect to such an address, or listen there first.
    peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", peer)[1] == os.getuid())
