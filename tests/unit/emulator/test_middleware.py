"""What a fault does to a request, as the client and the server see it."""

import contextlib
import logging
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.emulator.app import Application
from rootfi_pulumi.emulator.responses import ErrorShape
from tests.support.patience import PATIENCE

Call = Callable[..., requests.Response]
Send = Callable[..., socket.socket]


@pytest.fixture
def post(call: Call, to_create: dict[str, Any]) -> Call:
    return lambda **options: call("POST", "/integrations", to_create, **options)


def test_a_client_of_another_protocol_is_no_request_and_meets_no_fault(
    emulator: Emulator, post: Call
) -> None:
    emulator.inject(Fault(status=503))
    address = ("127.0.0.1", int(emulator.url.rpartition(":")[2]))
    with socket.create_connection(address) as client:
        client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            client.recv(1)
    assert emulator.requests == []
    assert post().status_code == 503


def test_a_fault_is_over_after_its_request(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(status=503))
    assert [post().status_code, post().status_code] == [503, 200]


def test_clear_faults_makes_all_well(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(status=503, times=None))
    emulator.clear_faults()
    assert post().status_code == 200


def test_a_status_leaves_the_request_without_effect(emulator: Emulator, key: str, post: Call) -> None:
    emulator.inject(Fault(status=500))
    post()
    assert emulator.integrations(key) == []


def test_processed_lets_the_request_take_effect_all_the_same(
    emulator: Emulator, key: str, post: Call
) -> None:
    emulator.inject(Fault(status=500, processed=True))
    assert (post().status_code, len(emulator.integrations(key))) == (500, 1)


def test_the_status_that_was_answered_is_recorded(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(status=500, processed=True))
    post()
    assert emulator.requests[0].status == 500


def test_headers_are_answered_with_a_status(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(status=429, headers={"Retry-After": "7"}))
    assert post().headers["Retry-After"] == "7"


def test_headers_are_answered_with_the_normal_answer(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(headers={"Content-Type": "text/plain"}))
    answer = post()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain")


def test_message_and_shape_are_answered(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(status=502, message="upstream", shape="text"))
    assert post().text == "upstream"


@pytest.mark.parametrize("shape", ["v3", "write", "v4", "text", "html"])
def test_echo_repeats_secret_and_key(emulator: Emulator, key: str, post: Call, shape: ErrorShape) -> None:
    emulator.inject(Fault(status=400, echo=True, shape=shape))
    text = post().text
    assert ("a-secret" in text, key in text) == (True, True)


def test_without_echo_nothing_secret_is_answered(emulator: Emulator, key: str, post: Call) -> None:
    emulator.inject(Fault(status=400))
    text = post().text
    assert ("a-secret" in text, key in text) == (False, False)


@pytest.mark.parametrize("body", ['{"data": {"integration_ty', b"\x00\xff", "", "<html>"])
def test_a_raw_body_is_answered_as_it_is(emulator: Emulator, post: Call, body: Any) -> None:
    emulator.inject(Fault(body=body))
    answer = post()
    expected = body if isinstance(body, bytes) else body.encode()
    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (
        200,
        "application/json",
        expected,
    )


def test_a_raw_body_can_have_a_status_and_a_content_type(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(body="<p>", status=201, content_type="text/html"))
    answer = post()
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "text/html")


def test_a_raw_body_leaves_the_request_without_effect(emulator: Emulator, key: str, post: Call) -> None:
    emulator.inject(Fault(body="{"))
    post()
    assert emulator.integrations(key) == []


def test_a_raw_body_can_follow_the_effect(emulator: Emulator, key: str, post: Call) -> None:
    emulator.inject(Fault(body="{", processed=True))
    assert (post().text, len(emulator.integrations(key))) == ("{", 1)


@pytest.mark.parametrize("processed", [True, False])
def test_a_raw_answer_takes_effect_only_with_processed(
    emulator: Emulator, key: str, post: Call, processed: bool
) -> None:
    emulator.inject(Fault(raw=b"HTTP/1.0 204 No Content\r\n\r\n", processed=processed))
    assert (post().status_code, len(emulator.integrations(key))) == (204, int(processed))


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", "/integrations", "create"),
        ("GET", "/integrations/1234", "read"),
        ("GET", "/integrations/unresolved-1", "read"),
        ("PUT", "/integrations/1234", "update"),
    ],
)
def test_each_endpoint_has_its_operation(
    emulator: Emulator, call: Call, method: str, path: str, operation: Any
) -> None:
    emulator.inject(Fault(status=599, operation=operation))
    assert call(method, path).status_code == 599


@pytest.mark.parametrize("operation", ["create", "read", "update"])
def test_a_request_elsewhere_is_no_operation(emulator: Emulator, call: Call, operation: Any) -> None:
    emulator.inject(Fault(status=599, operation=operation))
    assert call("GET", "/integrations").status_code == 405


def test_a_create_has_the_type_of_its_body(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(status=599, integration_type="XERO"))
    assert post().status_code == 599


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_other_operations_have_the_type_of_the_stored_integration(
    emulator: Emulator, key: str, call: Call, method: str
) -> None:
    emulator.add_integration(key, integration_type="WAVE", client_id="a", client_secret="b")
    emulator.inject(Fault(status=599, integration_type="WAVE"))
    assert call(method, "/integrations/1234").status_code == 599


def test_a_fault_can_be_for_one_integration(emulator: Emulator, call: Call) -> None:
    emulator.inject(Fault(status=599, integration_id=1235))
    assert [call("GET", f"/integrations/{number}").status_code for number in (1234, 1235)] == [404, 599]


def test_control_routes_meet_no_fault(emulator: Emulator, call: Call) -> None:
    emulator.inject(Fault(status=599))
    assert call("GET", "/_emulator/requests").status_code == 200


def test_control_routes_are_not_recorded(emulator: Emulator, call: Call) -> None:
    call("GET", "/_emulator/requests")
    assert emulator.requests == []


def test_a_mistake_in_the_emulator_is_logged_without_what_it_held(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("s-hushed")

    monkeypatch.setattr(Application, "__call__", broken)
    with Emulator() as emulator, caplog.at_level(logging.ERROR):
        answer = requests.get(f"{emulator.url}/integrations/1", timeout=PATIENCE)
    assert (answer.status_code, "RuntimeError" in caplog.text, "hushed" in caplog.text) == (500, True, False)


def test_delay_comes_before_the_effect(
    emulator: Emulator, key: str, send: Send, call: Call, to_create: dict[str, Any]
) -> None:
    emulator.inject(Fault(delay=PATIENCE))
    send("POST", "/integrations", to_create)
    emulator.wait_for_requests(1)
    call("GET", "/integrations/1")
    assert (emulator.integrations(key), emulator.requests[0].status) == ([], None)


def test_delay_after_comes_between_effect_and_answer(
    emulator: Emulator, key: str, send: Send, call: Call, to_create: dict[str, Any]
) -> None:
    emulator.inject(Fault(delay_after=PATIENCE))
    send("POST", "/integrations", to_create)
    emulator.wait_for_requests(1)
    call("GET", "/integrations/1")
    assert (len(emulator.integrations(key)), emulator.requests[0].status) == (1, None)


def test_a_delayed_request_delays_no_other(emulator: Emulator, send: Send, post: Call) -> None:
    emulator.inject(Fault(delay=PATIENCE))
    send("GET", "/integrations/1")
    emulator.wait_for_requests(1)
    assert post().status_code == 200


def test_a_request_that_never_arrived_whole_is_not_recorded(
    emulator: Emulator, send: Send, call: Call, to_create: dict[str, Any]
) -> None:
    send("POST", "/integrations", to_create, missing=1).close()
    call("GET", "/integrations/1")
    assert emulator.calls == ["GET /integrations/1"]


def test_trickle_answers_the_whole_body(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(body="abcd", trickle=0.001))
    assert post().text == "abcd"


def test_trickle_waits_between_the_bytes(emulator: Emulator, post: Call) -> None:
    emulator.inject(Fault(body="abcd", trickle=0.02))
    begin = time.monotonic()
    post()
    assert time.monotonic() - begin >= 0.05
