"""What the page receives when it polls."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, Fault, RateLimit, Settings, page_updates
from tests.support.patience import PATIENCE

Call = Callable[..., requests.Response]
InBackground = Callable[..., Future[requests.Response]]
News = dict[str, Any]

INTEGRATION: dict[str, Any] = {"integration_type": "XERO", "client_id": "an-id", "client_secret": "s-hushed"}


@pytest.fixture
def look(emulator: Emulator) -> Callable[..., News]:
    """Poll for the changes since an earlier response."""

    def look(earlier: News | None = None) -> News:
        seen = {name: earlier[name] for name in ("run", "log", "version")} if earlier else {}
        news: News = requests.get(f"{emulator.url}/_emulator/live", params=seen, timeout=PATIENCE).json()
        return news

    return look


def test_a_first_look_returns_everything(look: Callable[..., News], call: Call, emulator: Emulator) -> None:
    call("POST", "/integrations", INTEGRATION)
    emulator.inject(Fault(status=503, times=None))
    news = look()
    assert [request["path"] for request in news["requests"]] == ["/integrations"]
    assert [each["rootfi_id"] for each in news["state"]["integrations"]] == [1234]
    assert [each["id"] for each in news["state"]["organisations"]] == [123]
    assert news["faults"] == [{"id": 1, "status": 503, "skip": 0, "times": None}]
    assert news["settings"] == Settings().model_dump()


def test_a_look_without_changes_returns_no_request_or_integration(
    look: Callable[..., News], call: Call
) -> None:
    call("POST", "/integrations", INTEGRATION)
    news = look(look())
    assert (news["requests"], news["state"]) == ([], None)


def test_a_new_request_is_returned_alone(look: Callable[..., News], call: Call) -> None:
    call("GET", "/integrations/1")
    seen = look()
    call("GET", "/integrations/2")
    assert [(request["number"], request["status"]) for request in look(seen)["requests"]] == [(2, 404)]


def test_a_request_is_returned_again_when_it_goes_on(
    look: Callable[..., News], emulator: Emulator, in_background: InBackground
) -> None:
    emulator.inject(Fault(hold=True))
    answer = in_background("GET", "/integrations/1")
    emulator.wait_until_held()
    held = look()
    emulator.release()
    answer.result(PATIENCE)
    over = look(held)
    told = [
        (news["held"], each["is_held"], each["status"]) for news in (held, over) for each in news["requests"]
    ]
    assert told == [(1, True, None), (0, False, 404)]


def test_a_request_that_is_over_says_how_long_it_took(look: Callable[..., News], call: Call) -> None:
    began = time.monotonic()
    call("GET", "/integrations/1")
    news = look()
    assert 0 < news["requests"][0]["seconds"] <= time.monotonic() - began


def test_a_request_without_an_answer_is_over_all_the_same(
    look: Callable[..., News], call: Call, emulator: Emulator
) -> None:
    emulator.inject(Fault(hang_up="after"))
    with pytest.raises(requests.ConnectionError):
        call("GET", "/integrations/1")
    call("GET", "/integrations/1")
    lost = look()["requests"][0]
    assert (lost["status"], lost["seconds"] is None, lost["fault"]) == (None, False, {"hang_up": "after"})


def test_a_request_that_the_rate_limit_refuses_says_so(
    look: Callable[..., News], call: Call, emulator: Emulator
) -> None:
    emulator.rate_limit = RateLimit(requests=1, seconds=3600)
    for _ in range(2):
        call("GET", "/integrations/1")
    assert [request["is_limited"] for request in look()["requests"]] == [False, True]


@pytest.mark.parametrize(
    "change",
    [
        lambda emulator, _: emulator.add_organisation(),
        lambda emulator, key: emulator.change_key(key, "another"),
        lambda emulator, key: emulator.add_integration(key, **INTEGRATION),
        lambda emulator, _: emulator.edit(1234, is_disabled=True),
        lambda emulator, _: emulator.remove(1234),
        lambda emulator, _: emulator.reset(),
    ],
    ids=["organisation", "key", "integration", "edit", "remove", "reset"],
)
def test_every_change_of_the_store_is_returned(
    look: Callable[..., News], emulator: Emulator, key: str, change: Callable[[Emulator, str], None]
) -> None:
    emulator.add_integration(key, **INTEGRATION)
    seen = look()
    change(emulator, key)
    assert look(seen)["state"] is not None


def test_an_emptied_log_has_no_first_request(
    look: Callable[..., News], call: Call, emulator: Emulator
) -> None:
    call("GET", "/integrations/1")
    seen = look()
    emulator.forget_requests()
    emptied = look(seen)
    assert (emptied["first"], emptied["total"], emptied["requests"]) == (2, 0, [])


def test_what_was_seen_of_another_emulator_does_not_count(look: Callable[..., News], call: Call) -> None:
    call("GET", "/integrations/1")
    news = look({"run": "another", "log": 1000, "version": 1000})
    assert (len(news["requests"]), news["state"] is None) == (1, False)


def test_no_more_is_returned_than_a_page_can_show(
    look: Callable[..., News], call: Call, emulator: Emulator, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_updates, "ROWS", 2)
    for _ in range(3):
        call("GET", "/integrations/1")
        emulator.add_integration(key, **INTEGRATION)
    news = look()
    assert ([request["number"] for request in news["requests"]], news["first"], news["total"]) == (
        [2, 3],
        2,
        3,
    )
    stored = news["state"]
    assert ([each["rootfi_id"] for each in stored["integrations"]], stored["integrations_total"]) == (
        [1235, 1236],
        3,
    )


def test_neither_given_key_nor_secret_is_returned(emulator: Emulator, call: Call) -> None:
    key = emulator.add_organisation("k-hushed")
    emulator.inject(
        Fault(
            status=500, echo=True, message="m-hushed", headers={"X-Key": "h-hushed"}, processed=True, times=2
        )
    )
    headers = {"api_key": key, "x-other": "o-hushed"}
    call("POST", "/integrations?key=q-hushed&q-hushed", INTEGRATION, headers=headers)
    for fault in (Fault(body="b-hushed"), Fault(raw=b"HTTP/1.0 200 OK\r\nX-R: r-hushed\r\n\r\n")):
        emulator.inject(fault)
        emulator.inject(fault)
        call("POST", "/integrations", INTEGRATION, headers=headers)
    call("POST", "/integrations", INTEGRATION, headers=headers)
    assert "hushed" not in requests.get(f"{emulator.url}/_emulator/live", timeout=PATIENCE).text


def test_made_up_key_and_address_say_how_to_connect(look: Callable[..., News], emulator: Emulator) -> None:
    key = emulator.add_organisation(name="dev")
    news = look()
    wanted = {"organisation_id": 123, "organisation_name": "dev", "made_up_key": key}
    assert (news["base_url"], news["connect"]) == (emulator.url, wanted)


def test_given_key_is_not_shown_to_connect(look: Callable[..., News], emulator: Emulator) -> None:
    nothing = look()["connect"]
    emulator.add_organisation("given")
    assert (nothing, look()["connect"]["made_up_key"]) == (None, None)


def test_changed_key_is_not_shown(look: Callable[..., News], emulator: Emulator, key: str) -> None:
    emulator.change_key(key, "k-hushed")
    organisation = look()["state"]["organisations"][0]
    assert (organisation["name"], organisation["made_up_key"]) == ("org 123", None)


def test_integration_has_the_name_of_its_organisation(look: Callable[..., News], emulator: Emulator) -> None:
    emulator.add_integration(emulator.add_organisation(name="dev"), **INTEGRATION)
    assert look()["state"]["integrations"][0]["organisation_name"] == "dev"
