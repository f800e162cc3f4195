"""Serves the socket on which the plugin and the process that watches it ask the program."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

from rootfi_pulumi.provider.program_client import LONGEST_QUESTION, address, can_ask_program, is_of_this_user

_LISTENING: list[tuple[asyncio.AbstractEventLoop, socket.socket]] = []


async def serve(port: int, answer: Callable[[bytes], Awaitable[bytes]]) -> asyncio.Server | None:
    """Answer each line from a process of this user; return None if the system does not allow it."""

    async def answer_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # A line that is not a question gets no answer.
            with suppress(OSError, ValueError, KeyError, TypeError):
                if is_of_this_user(writer.get_extra_info("socket")):
                    writer.write(await answer((await reader.readline()).rstrip()))
                    await writer.drain()
        finally:
            # The program's loop may have ended meanwhile.
            with suppress(RuntimeError):
                writer.close()

    if not can_ask_program():
        return None
    _close_those_of_ended_programs()
    listening = socket.socket(socket.AF_UNIX)
    try:
        listening.bind(address(port))
    except OSError:
        listening.close()
        return None
    _LISTENING.append((asyncio.get_running_loop(), listening))
    return await asyncio.start_unix_server(answer_one, sock=listening, limit=LONGEST_QUESTION)


def _close_those_of_ended_programs() -> None:
    # A process may run several inline programs in turn. Only its loop shows that one has ended.
    for ended in [each for each in _LISTENING if not each[0].is_running()]:
        _LISTENING.remove(ended)
        ended[1].close()
