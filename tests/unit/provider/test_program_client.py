"""Both ends of the socket, each in a thread of its own."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest

from rootfi_pulumi.program.plugin_server import serve
from rootfi_pulumi.provider.program_client import ask
from tests.support.patience import PATIENCE
from tests.support.systems import LINUX

pytestmark = LINUX
# No engine listens on the port of a process of one's own.
PORT = os.getpid() + 100_000


@contextmanager
def serving(answer: Callable[[bytes], Awaitable[bytes]]) -> Iterator[None]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(serve(PORT, answer), loop).result(PATIENCE)
    assert server
    yield
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(PATIENCE)
    loop.close()


async def echo(line: bytes) -> bytes:
    return b"you said " + line


async def stumble(line: bytes) -> bytes:
    raise ValueError(line)


def test_question_is_answered() -> None:
    with serving(echo):
        assert ask(PORT, b"hello", PATIENCE) == b"you said hello"


def test_question_without_program_has_no_answer() -> None:
    assert ask(PORT, b"hello", PATIENCE) is None


def test_line_that_is_no_question_is_not_answered() -> None:
    with serving(stumble):
        assert ask(PORT, b"hello", PATIENCE) == b""


def test_answer_of_another_user_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(echo):
        monkeypatch.setattr(os, "getuid", lambda: 12345)
        assert ask(PORT, b"hello", PATIENCE) is None


def test_question_that_waits_too_long_has_an_empty_answer() -> None:
    async def wait(_: bytes) -> bytes:
        await asyncio.sleep(0.2)
        return b"late"

    with serving(wait):
        assert ask(PORT, b"hello", 0.01) == b""


def test_question_may_hold_the_longest_client_id() -> None:
    with serving(echo):
        assert len(ask(PORT, b"x" * 400_000, PATIENCE) or b"") == 400_009


def test_socket_of_an_ended_program_is_closed_by_the_next() -> None:
    for _ in range(2):
        loop = asyncio.new_event_loop()
        assert loop.run_until_complete(serve(PORT, echo))
        loop.close()
    with serving(echo):
        assert ask(PORT, b"hello", PATIENCE) == b"you said hello"
