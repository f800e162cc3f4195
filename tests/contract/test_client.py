"""What the client sends, and how it handles each response, against the emulator."""

import json
import socket
import threading
from typing import Any

import pytest

from rootfi_pulumi.api import errors
from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.contract.plugin import client_of
from tests.support.patience import PATIENCE

# https://docs.integrationlabs.co/api-reference/v2/core/integrations/create-integrations, verbatim.
DOCUMENTED_REQUEST = """{
  "integration_type": "ZOHO_BOOKS",
  "is_rootfi_identity": true,
  "client_id": "gfdsxcvghfredcvbhgtfdcasdfghjertyuyhbdcvjnokmwertyu.0ikjuyhgfdsxcvbnm",
  "client_secret": "jnokmwvghfredcvbhgtfdcasdfghjertyuyhbdcvjnokmwertyu.0ikjuyhgfdsxcvbnm"
}"""
DOCUMENTED_RESPONSE = """{
  "data": {
    "integration_type": "ZOHO_BOOKS",
    "rootfi_id": 1234,
    "rootfi_created_at": "2021-08-10T15:00:00.000Z",
    "rootfi_updated_at": "2021-08-10T15:00:00.000Z",
    "client_id": "gfdsxcvghfredcvbhgtfdcasdfghjertyuyhbdcvjnokmwertyu.0ikjuyhgfdsxcvbnm",
    "client_secret": "jnokmwvghfredcvbhgtfdcasdfghjertyuyhbdcvjnokmwertyu.0ikjuyhgfdsxcvbnm",
    "is_disabled": false,
    "metadata": {},
    "is_rootfi_identity": true
  },
  "request_timestamp": "2021-08-10T15:00:00.000Z",
  "response_timestamp": "2021-08-10T15:00:00.000Z",
  "request_id": "7a1c0e42-9f85-4d6e-bb5d-358a72913c0b"
}"""
XERO: dict[str, Any] = {
    "integration_type": "XERO",
    "client_id": "xero-app",
    "client_secret": "the-client-secret",
    "is_rootfi_identity": False,
}


def create(client: RootFiClient) -> Integration:
    return client.create_integration(**XERO)


def test_the_documented_request_is_what_is_sent(
    client: RootFiClient, emulator: Emulator, api_key: str
) -> None:
    client.create_integration(**json.loads(DOCUMENTED_REQUEST))
    [sent] = emulator.requests
    assert (sent.method, sent.path) == ("POST", "/integrations")
    assert sent.headers["api_key"] == api_key
    assert sent.headers["content-type"] == "application/json"
    assert sent.body == json.loads(DOCUMENTED_REQUEST)


def test_the_documented_response_is_understood(client: RootFiClient, emulator: Emulator) -> None:
    emulator.inject(Fault(body=DOCUMENTED_RESPONSE))
    assert create(client) == Integration(**json.loads(DOCUMENTED_RESPONSE)["data"])


def test_get_sends_no_body(client: RootFiClient, emulator: Emulator) -> None:
    made = create(client)
    assert client.get_integration(made.rootfi_id) == made
    assert emulator.calls[-1] == f"GET /integrations/{made.rootfi_id}"
    assert not emulator.requests[-1].body


def test_put_sends_what_rootfi_wants_and_no_type(client: RootFiClient, emulator: Emulator) -> None:
    made = create(client)
    changed: dict[str, Any] = {
        "client_id": "xero-app",
        "client_secret": "another",
        "is_disabled": True,
        "is_rootfi_identity": False,
    }
    answer = client.update_integration(made.rootfi_id, **changed)
    assert answer.is_disabled
    assert emulator.requests[-1].body == changed


@pytest.mark.parametrize("shape", ["v3", "write", "v4"])
def test_each_documented_error_shape_is_understood(
    client: RootFiClient, emulator: Emulator, shape: Any
) -> None:
    emulator.inject(Fault(status=400, message="no such platform", shape=shape))
    with pytest.raises(errors.BadRequest) as raised:
        create(client)
    assert raised.value.message == "no such platform"
    assert raised.value.status == 400
    assert raised.value.documented


def test_every_documented_member_of_an_error_is_read(client: RootFiClient, emulator: Emulator) -> None:
    members = {"code": "invalid-params", "field": "client_id", "message": "no", "request_id": "r-1"}
    emulator.inject(Fault(status=400, body=json.dumps({"error": members})))
    with pytest.raises(errors.BadRequest) as raised:
        create(client)
    assert vars(raised.value).items() >= members.items()


def test_a_secret_is_redacted_before_a_message_is_shortened(client: RootFiClient, emulator: Emulator) -> None:
    emulator.inject(Fault(status=500, message="x" * 290 + " the-client-secret"))
    with pytest.raises(errors.ServerError) as raised:
        create(client)
    assert "the-cl" not in str(raised.value)


@pytest.mark.parametrize("shape", ["text", "html", "empty"])
def test_an_error_that_is_no_json_keeps_its_status(
    client: RootFiClient, emulator: Emulator, shape: Any
) -> None:
    emulator.inject(Fault(status=502, shape=shape))
    with pytest.raises(errors.ServerError, match="POST /integrations: 502") as raised:
        create(client)
    assert "<" not in str(raised.value)


@pytest.mark.parametrize("shape", ["v3", "write", "v4", "text", "html"])
def test_a_secret_that_rootfi_echoes_is_in_no_message(
    client: RootFiClient, emulator: Emulator, api_key: str, shape: Any
) -> None:
    emulator.inject(Fault(status=500, echo=True, shape=shape))
    with pytest.raises(errors.ServerError) as raised:
        create(client)
    shown = f"{raised.value!r} {raised.value} {vars(raised.value)}"
    assert "the-client-secret" not in shown
    assert api_key not in shown


def test_a_message_is_one_printable_line(client: RootFiClient, emulator: Emulator) -> None:
    emulator.inject(Fault(status=500, message="first\nsecond\x1b[31m" + "x" * 10_000))
    with pytest.raises(errors.ServerError) as raised:
        create(client)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 500


@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize(
    "body",
    ["", "garbage", "[]", '{"data": {"rootfi_id": 12', "{}", '{"data": null}', '{"data": {}}', "[" * 9999],
)
def test_a_success_without_the_documented_answer_is_unreadable(
    client: RootFiClient, emulator: Emulator, body: str
) -> None:
    emulator.inject(Fault(body=body))
    with pytest.raises(errors.UnreadableAnswer, match="POST /integrations: "):
        create(client)


@pytest.mark.usefixtures("no_collection")
def test_metadata_that_is_nested_without_end_is_unreadable(client: RootFiClient, emulator: Emulator) -> None:
    nested = '{"x": ' * 700 + "1" + "}" * 700
    emulator.inject(Fault(body=f'{{"data": {{"rootfi_id": 1, "metadata": {nested}}}}}'))
    with pytest.raises(errors.UnreadableAnswer):
        create(client)


def test_an_answer_about_another_integration_is_not_believed(
    client: RootFiClient, emulator: Emulator
) -> None:
    emulator.inject(Fault(body=DOCUMENTED_RESPONSE))
    with pytest.raises(errors.UnreadableAnswer, match="about integration 1234"):
        client.get_integration(1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_so_the_key_stays_here(
    client: RootFiClient, emulator: Emulator, status: int
) -> None:
    with Emulator() as elsewhere:
        emulator.inject(Fault(status=status, headers={"Location": f"{elsewhere.url}/integrations"}))
        with pytest.raises(errors.Redirected):
            create(client)
        assert elsewhere.calls == []


def test_netrc_is_not_read(
    client: RootFiClient, emulator: Emulator, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    create(client)
    assert "authorization" not in emulator.requests[0].headers


def test_each_post_uses_a_fresh_connection_despite_keep_alive(api_key: str) -> None:
    answer = DOCUMENTED_RESPONSE.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepted = []

        def serve() -> None:
            for _ in range(3):
                connection, _ = server.accept()
                accepted.append(connection)
                connection.recv(65536)
                connection.sendall(head.encode() + answer)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        client = client_of(url, api_key)
        for _ in range(3):
            create(client)
        thread.join(timeout=PATIENCE)
        assert len(accepted) == 3


def test_a_redirect_to_no_address_is_still_one_clear_error(client: RootFiClient, emulator: Emulator) -> None:
    emulator.inject(Fault(status=303, headers={"Location": "http://[bad"}))
    with pytest.raises(errors.Redirected):
        create(client)


def test_a_success_that_is_not_understood_is_not_quoted(client: RootFiClient, emulator: Emulator) -> None:
    emulator.inject(Fault(body='{"rootfi_id": 1, "client_secret": "of-somebody-else"}'))
    with pytest.raises(errors.UnreadableAnswer, match=r"200, but not RootFi's answer: \d+ bytes") as raised:
        create(client)
    assert "of-somebody-else" not in str(raised.value)


def test_a_secret_in_metadata_is_redacted(client: RootFiClient, emulator: Emulator) -> None:
    made = create(client)
    emulator.edit(made.rootfi_id, metadata={"oauth": ["the-client-secret", {"x": "no secret"}]})
    read = client.get_integration(made.rootfi_id)
    assert read.metadata == {"oauth": ["[secret]", {"x": "no secret"}]}
