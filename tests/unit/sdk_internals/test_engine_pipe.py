import os
import select
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rootfi_pulumi.sdk_internals import engine_pipe
from rootfi_pulumi.sdk_internals.engine_pipe import wait_for_end_of_engine
from tests.support.patience import PATIENCE
from tests.support.systems import LINUX


@contextmanager
def waiting(fd: int) -> Iterator[threading.Event]:
    """Wait on a thread; the event says that the engine counts as gone."""
    gone = threading.Event()

    def wait() -> None:
        wait_for_end_of_engine(fd)
        gone.set()

    threading.Thread(target=wait, daemon=True).start()
    yield gone


@pytest.fixture
def unread() -> Iterator[int]:
    """A pipe that no process reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@LINUX
def test_engine_is_gone_when_no_process_reads_the_pipe(unread: int) -> None:
    with waiting(unread) as gone:
        assert gone.wait(PATIENCE)


@LINUX
def test_engine_with_a_server_is_gone_when_that_is(unread: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(sys, "argv", ["plugin", f"127.0.0.1:{server.getsockname()[1]}"])
        with waiting(unread) as gone:
            assert not gone.wait(0.5)
            server.close()
            assert gone.wait(PATIENCE)


def test_engine_is_never_gone_without_a_pipe() -> None:
    with open(os.devnull, "w") as no_pipe, waiting(no_pipe.fileno()) as gone:  # noqa: PTH123 (no path)
        assert not gone.wait(0.5)


@pytest.fixture(params=["poll", "linux"])
def unwatched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system on which a closed pipe is not seen."""
    if request.param == "poll":
        monkeypatch.delattr(select, "poll", raising=False)
    else:
        monkeypatch.setattr(sys, "platform", "darwin")


@pytest.mark.usefixtures("unwatched")
def test_engine_is_gone_with_its_server_where_pipes_are_not_seen(
    unread: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(sys, "argv", ["plugin", f"127.0.0.1:{server.getsockname()[1]}"])
        with waiting(unread) as gone:
            assert not gone.wait(1)
            server.close()
            assert gone.wait(PATIENCE)


@pytest.mark.usefixtures("unwatched")
def test_engine_survives_a_few_refused_connections(unread: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([True, *[False] * 4, True, *[False] * 5])
    monkeypatch.setattr(engine_pipe, "_has_server", lambda _: next(answers))
    monkeypatch.setattr(engine_pipe, "_PAUSE", 0)
    monkeypatch.setattr(sys, "argv", ["plugin", "127.0.0.1:1"])
    with waiting(unread) as gone:
        assert gone.wait(PATIENCE)
    assert list(answers) == []


@pytest.mark.usefixtures("unwatched")
def test_engine_without_pipe_and_server_is_never_gone(unread: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["plugin"])
    with waiting(unread) as gone:
        assert not gone.wait(0.5)
