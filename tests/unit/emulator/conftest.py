"""One emulator for each test, and functions that send requests to it over a real socket."""

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator
from tests.support.patience import PATIENCE

Call = Callable[..., requests.Response]


@pytest.fixture
def key(api_key: str) -> str:
    return api_key


@pytest.fixture
def call(emulator: Emulator, key: str) -> Call:
    """Send a request with the organisation's key, unless headers say otherwise."""

    def send(method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        if body is not None:
            options["json"] = body
        options.setdefault("headers", {"api_key": key})
        return requests.request(method, emulator.url + path, timeout=PATIENCE, **options)

    return send


@pytest.fixture
def in_background(call: Call) -> Iterator[Callable[..., Future[requests.Response]]]:
    """Send a request in a thread; the future returns its response."""
    with ThreadPoolExecutor() as pool:
        yield lambda *arguments, **options: pool.submit(call, *arguments, **options)


@pytest.fixture
def send(emulator: Emulator, key: str) -> Iterator[Callable[..., socket.socket]]:
    """Send a request, or part of one, without waiting for its response."""
    with ExitStack() as stack:

        def send(method: str, path: str, body: Any = None, *, missing: int = 0) -> socket.socket:
            content = json.dumps(body).encode()
            head = (
                f"{method} {path} HTTP/1.1\r\nHost: x\r\napi_key: {key}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
            )
            address = emulator.url.removeprefix("http://").split(":")
            client = stack.enter_context(socket.create_connection((address[0], int(address[1]))))
            client.sendall(head.encode() + content[: len(content) - missing])
            return client

        yield send


@pytest.fixture
def to_create() -> dict[str, Any]:
    return {"integration_type": "XERO", "client_id": "an-id", "client_secret": "a-secret"}


@pytest.fixture
def create(call: Call, to_create: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Create an integration from `to_create` and the given members; return the response's `data`."""

    def create(**members: Any) -> dict[str, Any]:
        answer = call("POST", "/integrations", {**to_create, **members})
        answer.raise_for_status()
        data: dict[str, Any] = answer.json()["data"]
        return data

    return create


@pytest.fixture
def to_replace() -> dict[str, Any]:
    return {"client_id": "new-id", "client_secret": "new-secret", "is_disabled": True}
