"""Start and end of the server."""

import socket
import threading
import time

import pytest
import requests
from patience import PATIENCE

from rootfi_pulumi.emulator import Emulator, Fault

AT_ONCE = 1  # second, on a busy machine


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


def test_it_starts_and_stops_at_once() -> None:
    begin = time.monotonic()
    for _ in range(20):
        with Emulator():
            pass
    assert time.monotonic() - begin < 20 * 0.1  # uvicorn's own polling alone would take as long


def test_its_address_is_on_the_loopback() -> None:
    with Emulator() as emulator:
        assert emulator.url.startswith("http://127.0.0.1:")


def test_no_other_address_answers() -> None:
    with Emulator() as emulator, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port(emulator)))


def test_two_run_side_by_side() -> None:
    with Emulator() as one, Emulator() as other:
        assert one.url != other.url


def test_nothing_answers_after_the_block() -> None:
    with Emulator() as emulator:
        number = port(emulator)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", number))


def test_no_thread_is_left() -> None:
    before = threading.active_count()
    with Emulator():
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_it_has_no_address_outside_the_block() -> None:
    with Emulator() as emulator:
        pass
    with pytest.raises(RuntimeError, match="does not run"):
        _ = emulator.url


def test_it_cannot_be_entered_twice_at_once() -> None:
    with Emulator() as emulator, pytest.raises(RuntimeError, match="runs already"):
        emulator.__enter__()


def test_it_keeps_its_state_when_it_is_entered_again() -> None:
    emulator = Emulator()
    with emulator:
        key = emulator.add_organisation()
    with emulator:
        answer = requests.get(f"{emulator.url}/integrations/1", headers={"api_key": key}, timeout=PATIENCE)
    assert answer.status_code == 404


def test_it_can_come_back_on_the_same_port() -> None:
    with requests.Session() as session, Emulator() as first:
        session.get(f"{first.url}/integrations/1", timeout=PATIENCE)
        number = port(first)
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
        Fault(delay=60),
        Fault(delay_after=60),
        Fault(body="ab", trickle=60),
    ],
)
def test_it_ends_at_once_whatever_a_request_waits_for(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    with Emulator() as emulator:
        emulator.inject(fault)
        client = request(emulator)
        emulator.wait_for_requests(1)
        begin = time.monotonic()
    took = time.monotonic() - begin
    client.close()
    assert (took < AT_ONCE, caplog.records) == (True, [])


def test_it_ends_at_once_with_an_idle_connection() -> None:
    with Emulator() as emulator, requests.Session() as session:
        session.get(f"{emulator.url}/integrations/1", timeout=PATIENCE)
        begin = time.monotonic()
        emulator.__exit__(None, None, None)
        assert time.monotonic() - begin < AT_ONCE


def test_it_ends_at_once_with_half_a_request() -> None:
    with Emulator() as emulator:
        client = socket.create_connection(("127.0.0.1", port(emulator)))
        client.sendall(b"POST /integrations HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        requests.get(f"{emulator.url}/integrations/1", timeout=PATIENCE)
        begin = time.monotonic()
    took = time.monotonic() - begin
    client.close()
    assert took < AT_ONCE


def test_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    with Emulator() as emulator, requests.Session() as session:
        begin = time.monotonic()
        for _ in range(50):
            session.get(f"{emulator.url}/integrations/1", timeout=PATIENCE)
        assert time.monotonic() - begin < 50 * 0.04


def test_no_request_is_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level("DEBUG", "uvicorn"), Emulator() as emulator:
        requests.get(f"{emulator.url}/integrations/1", headers={"api_key": "k-2710"}, timeout=PATIENCE)
    assert ([r for r in caplog.records if r.name.startswith("uvicorn")], *capfd.readouterr()) == ([], "", "")
