"""Starts the emulated RootFi in a separate process, and a relay that counts its traffic."""

import json
import secrets
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import suppress
from typing import Any, NamedTuple, Self

from bench.subjects import REPOSITORY


class RootFi:
    """Runs the emulator as a command, outside of the measuring process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rootfi_pulumi.emulator", "--json"],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout  # noqa: S101 (as it was opened)
        started = json.loads(self._process.stdout.readline())
        self.url: str = started["url"]
        self.api_key: str = started["api_keys"][0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def answer_after(self, delay: float) -> None:
        """Delay each answer from now on by this many seconds."""
        self._control("DELETE", "faults")
        if delay:
            self._control("POST", "faults", {"delay": delay, "times": None})

    def add_organisation(self) -> str:
        """Add an organisation and return its API key."""
        api_key = secrets.token_hex(20)
        self._control("POST", "organisations", {"api_key": api_key})
        return api_key

    def requests(self) -> int:
        """Return the number of requests so far."""
        return len(self._control("GET", "requests"))

    def _control(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 (the emulator's own address)
            f"{self.url}/_emulator/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as answer:
            return json.loads(answer.read() or b"null")


class Counts(NamedTuple):
    """A relay's traffic in requests, TCP connections and bytes."""

    requests: int
    connections: int
    sent: int
    received: int


class Relay:
    """Forwards connections to an address and counts them, and the bytes in each direction."""

    def __init__(self, url: str) -> None:
        self._lock = threading.Lock()
        host, _, port = url.rpartition("/")[2].partition(":")
        self._to = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._connections = 0
        self._bytes = {"sent": 0, "received": 0}
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def counts(self, requests: int) -> Counts:
        """Return the traffic since the last call, with a number of requests counted elsewhere."""
        with self._lock:
            counts = Counts(requests, self._connections, **self._bytes)
            self._connections = 0
            self._bytes = {"sent": 0, "received": 0}
        return counts

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with self._lock:
                    self._connections += 1
                server = socket.create_connection(self._to)
                for one, other, count in ((client, server, "sent"), (server, client, "received")):
                    threading.Thread(target=self._pass, args=(one, other, count), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, count: str) -> None:
        with suppress(OSError):
            while data := one.recv(2**16):
                other.sendall(data)
                with self._lock:
                    self._bytes[count] += len(data)
            other.shutdown(socket.SHUT_WR)
