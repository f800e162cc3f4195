"""Starting and stopping the server."""

import asyncio
import socket
import threading
import time
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.emulator.connection import Connection
from tests.support.patience import PATIENCE
from tests.support.ports import reserved_port
from tests.support.systems import LINUX

LONG = PATIENCE / 2
"""Seconds that a held request waits unless something interrupts it."""


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record each wait shorter than LONG that an event loop or `time.sleep` starts, in seconds.

    Code that waits for events alone is as fast as the machine, so a busy machine cannot make it fail. Longer
    waits are those of a fault, and the hour after which the server would close an idle connection.
    """
    begun: list[float] = []
    call_at, sleep = asyncio.BaseEventLoop.call_at, time.sleep

    def note(seconds: float) -> None:
        if seconds < LONG - 1:
            begun.append(seconds)

    def note_timer(loop: asyncio.BaseEventLoop, when: float, *args: Any, **kwargs: Any) -> Any:
        note(when - loop.time())
        return call_at(loop, when, *args, **kwargs)

    def note_sleep(seconds: float) -> None:
        note(seconds)
        sleep(seconds)

    monkeypatch.setattr(asyncio.BaseEventLoop, "call_at", note_timer)
    monkeypatch.setattr(time, "sleep", note_sleep)
    return begun


def port(emulator: Emulator) -> int:
    return int(emulator.url.rpartition(":")[2])


def request(emulator: Emulator, method: str = "GET", path: str = "/integrations/1") -> socket.socket:
    """Send a request on a connection of its own and leave it open."""
    client = socket.create_connection(("127.0.0.1", port(emulator)))
    client.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return client


def test_it_serves_as_soon_as_the_block_begins() -> None:
    with Emulator() as emulator:
        assert requests.get(f"{emulator.url}/integrations/1", timeout=PATIENCE).status_code == 401


def test_it_starts_and_stops_at_once(waits: list[float]) -> None:
    for _ in range(20):
        with Emulator():
            pass
    assert waits == []  # uvicorn's own server polls, each 0.1 s


def test_its_address_is_on_the_loopback() -> None:
    with Emulator() as emulator:
        assert emulator.url.startswith("http://127.0.0.1:")


@LINUX
def test_no_other_address_answers() -> None:
    with Emulator() as emulator, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port(emulator)))


def test_two_run_side_by_side() -> None:
    with Emulator() as one, Emulator() as other:
        assert one.url != other.url


def test_nothing_answers_after_the_block() -> None:
    with reserved_port() as number:
        with Emulator(port=number):
            socket.create_connection(("127.0.0.1", number)).close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", number))


def test_no_thread_is_left() -> None:
    # Do not count threads, because a thread of an earlier test may end in the meantime.
    before = set(threading.enumerate())
    with Emulator():
        assert len(set(threading.enumerate()) - before) == 1
    assert set(threading.enumerate()) - before == set()


def test_it_has_no_address_outside_the_block() -> None:
    with Emulator() as emulator:
        pass
    with pytest.raises(RuntimeError, match="is not running"):
        _ = emulator.url


def test_it_cannot_be_entered_twice_at_once() -> None:
    with Emulator() as emulator, pytest.raises(RuntimeError, match="already running"):
        emulator.__enter__()


def test_it_keeps_its_state_when_it_is_entered_again() -> None:
    emulator = Emulator()
    with emulator:
        key = emulator.add_organisation()
    with emulator:
        answer = requests.get(f"{emulator.url}/integrations/1", headers={"api_key": key}, timeout=PATIENCE)
    assert answer.status_code == 404


def test_it_can_come_back_on_the_same_port() -> None:
    with reserved_port() as number:
        with requests.Session() as session, Emulator(port=number) as first:
            session.get(f"{first.url}/integrations/1", timeout=PATIENCE)
        with Emulator(port=number) as second:
            assert port(second) == number


def test_a_port_in_use_is_an_os_error() -> None:
    with Emulator() as emulator, pytest.raises(OSError, match="in use"), Emulator(port=port(emulator)):
        pass


@pytest.mark.parametrize(
    "fault",
    [
        Fault(hold=True),
        Fault(hold=True, processed=True),
        Fault(delay=LONG),
        Fault(delay_after=LONG),
        Fault(body="ab", trickle=LONG),
    ],
)
def test_it_ends_at_once_whatever_a_request_waits_for(
    fault: Fault, caplog: pytest.LogCaptureFixture, waits: list[float]
) -> None:
    with Emulator(patience=PATIENCE) as emulator:
        emulator.inject(fault)
        client = request(emulator)
        emulator.wait_for_requests(1)
        # Once another request is answered, the first one has reached its wait.
        requests.get(f"{emulator.url}/integrations/1", timeout=PATIENCE)
        waits.clear()
        begin = time.monotonic()
    took = time.monotonic() - begin
    client.close()
    assert (took < LONG / 2, waits, caplog.records) == (True, [], [])


def test_it_ends_at_once_with_an_idle_connection(waits: list[float]) -> None:
    with Emulator() as emulator, requests.Session() as session:
        session.get(f"{emulator.url}/integrations/1", timeout=PATIENCE)
        waits.clear()
        emulator.__exit__(None, None, None)
        assert waits == []


def test_it_ends_at_once_with_half_a_request(waits: list[float]) -> None:
    with Emulator() as emulator:
        client = socket.create_connection(("127.0.0.1", port(emulator)))
        client.sendall(b"POST /integrations HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        requests.get(f"{emulator.url}/integrations/1", timeout=PATIENCE)
        waits.clear()
    client.close()
    assert waits == []


def test_an_answer_does_not_wait_for_an_acknowledgement(monkeypatch: pytest.MonkeyPatch) -> None:
    # A delay of 40 ms could also be a busy machine's, so check the socket option that prevents it.
    found: list[int] = []
    connection_made = Connection.connection_made

    def note_option(connection: Connection, transport: asyncio.Transport) -> None:
        connection_made(connection, transport)
        accepted = transport.get_extra_info("socket")
        found.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(Connection, "connection_made", note_option)
    with Emulator() as emulator:
        requests.get(f"{emulator.url}/integrations/1", timeout=PATIENCE)
    assert [bool(option) for option in found] == [True]


def test_no_request_is_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level("DEBUG", "uvicorn"), Emulator() as emulator:
        requests.get(f"{emulator.url}/integrations/1", headers={"api_key": "k-hushed"}, timeout=PATIENCE)
    assert ([r for r in caplog.records if r.name.startswith("uvicorn")], *capfd.readouterr()) == ([], "", "")
