"""Which requests are retried, over a real socket; the unit test of `api.retries` has the full table."""

from contextlib import ExitStack
from typing import Any

import pytest

from rootfi_pulumi.api import errors, transport
from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.api.transport import Transport
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.contract.plugin import client_of
from tests.support.fake_clock import FakeClock
from tests.support.patience import PATIENCE
from tests.support.ports import reserved_port
from tests.support.systems import LINUX

XERO: dict[str, Any] = {
    "integration_type": "XERO",
    "client_id": "xero-app",
    "client_secret": "s",
    "is_rootfi_identity": False,
}
CHANGED: dict[str, Any] = {
    "client_id": "another",
    "client_secret": "s",
    "is_disabled": False,
    "is_rootfi_identity": False,
}
PASSING: list[dict[str, Any]] = [
    {"hang_up": "before"},
    {"hang_up": "after"},
    *({"status": status} for status in (429, 502, 503, 504)),
]


def create(client: RootFiClient) -> object:
    return client.create_integration(**XERO)


def update(client: RootFiClient) -> object:
    return client.update_integration(1234, **CHANGED)


@pytest.fixture
def made(client: RootFiClient, emulator: Emulator) -> RootFiClient:
    """A client of an organisation that has integration 1234."""
    create(client)
    emulator.forget_requests()
    return client


@pytest.mark.parametrize("fault", PASSING, ids=str)
def test_a_read_or_change_outlives_a_passing_fault(
    made: RootFiClient, emulator: Emulator, fault: dict[str, Any]
) -> None:
    emulator.inject(Fault(**fault, times=3))
    made.get_integration(1234)
    emulator.inject(Fault(**fault, times=3))
    update(made)
    assert emulator.calls == ["GET /integrations/1234"] * 4 + ["PUT /integrations/1234"] * 4


@pytest.mark.parametrize("status", [429, 503])
def test_a_create_that_was_turned_away_is_sent_again(
    client: RootFiClient, emulator: Emulator, api_key: str, status: int
) -> None:
    emulator.inject(Fault(status=status, times=3))
    create(client)
    assert emulator.calls == ["POST /integrations"] * 4
    assert len(emulator.integrations(api_key)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"hang_up": "before"},
        {"hang_up": "after"},
        {"body": "garbage", "processed": True},
        *({"status": status} for status in (500, 502, 504)),
    ],
    ids=str,
)
def test_a_create_that_may_have_landed_is_never_sent_again(
    client: RootFiClient, emulator: Emulator, fault: dict[str, Any]
) -> None:
    emulator.inject(Fault(**fault, times=None))
    with pytest.raises(errors.RootFiError):
        create(client)
    assert emulator.calls == ["POST /integrations"]


def test_a_create_that_was_turned_away_and_then_lost_counts_as_lost(
    client: RootFiClient, emulator: Emulator
) -> None:
    emulator.inject(Fault(status=503))
    emulator.inject(Fault(hang_up="after", times=None))
    with pytest.raises(errors.NoAnswer, match=r"\(attempts: 2\)"):
        create(client)
    assert emulator.calls == ["POST /integrations"] * 2


def test_a_lasting_fault_ends_by_the_deadline_and_counts_attempts(
    made: RootFiClient, emulator: Emulator
) -> None:
    emulator.inject(Fault(status=503, message="down", times=None))
    with pytest.raises(
        errors.ServerError, match=r"^GET /integrations/1234: 503 down \(.*attempts: \d+\): "
    ) as raised:
        made.get_integration(1234)
    assert raised.value.attempts == len(emulator.calls) > 5


@LINUX
def test_a_server_that_is_away_for_a_while_is_found_when_it_is_back() -> None:
    with ExitStack() as stack:
        port = stack.enter_context(reserved_port())
        away = Emulator(port=port)
        key = away.add_organisation()

        class Back(FakeClock):
            def sleep(self, seconds: float) -> None:
                super().sleep(seconds)
                if len(self.waits) == 3:
                    stack.enter_context(away)

        # Not a loopback address, because a refusal by this machine is not retried.
        settings = Settings(key, f"http://0.0.0.0:{port}")
        create(RootFiClient(Transport(settings, Redactor(), clock=Back())))
    assert away.calls == ["POST /integrations"]


@pytest.mark.parametrize("header", ["30", "Tue, 24 Nov 2026 12:00:30 GMT"])
def test_retry_after_is_honoured(emulator: Emulator, api_key: str, header: str) -> None:
    clock = FakeClock()
    client = RootFiClient(Transport(Settings(api_key, emulator.url), Redactor(), clock=clock))
    headers = {"Retry-After": header, "Date": "Tue, 24 Nov 2026 12:00:00 GMT"}
    emulator.inject(Fault(status=503, headers=headers))
    create(client)
    assert clock.waits == [30]


def test_a_wait_that_a_user_would_notice_is_reported(emulator: Emulator, api_key: str) -> None:
    said: list[str] = []
    settings = Settings(api_key, emulator.url)
    client = RootFiClient(Transport(settings, Redactor(), say=said.append, clock=FakeClock()))
    emulator.inject(Fault(status=503, message="down for a moment", headers={"Retry-After": "7"}))
    create(client)
    assert said == [
        "POST /integrations: 503 down for a moment (code unknown-error, asked to wait 7 s): retrying in 7 s"
    ]


def test_a_slow_answer_is_reported_while_it_is_awaited(
    emulator: Emulator, api_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rootfi_pulumi.api.transport.SLOW", 0.01)

    def let_go(line: str) -> None:
        # The line may come before the request arrives, and only a held request can be released.
        emulator.wait_until_held()
        said.append(line)
        emulator.release()

    said: list[str] = []
    emulator.inject(Fault(hold=True))
    create(RootFiClient(Transport(Settings(api_key, emulator.url), Redactor(), say=let_go)))
    assert said == ["POST /integrations: no answer for 0.01 s, still waiting: 120 s at most"]


def test_an_answer_that_comes_soon_is_not_worth_a_line(
    emulator: Emulator, api_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine, even a prompt response may take 10 s.
    monkeypatch.setattr(transport, "SLOW", transport.SLOW * PATIENCE)
    said: list[str] = []
    create(RootFiClient(Transport(Settings(api_key, emulator.url), Redactor(), say=said.append)))
    assert said == []


def test_once_pulumi_has_ended_nothing_new_is_created(emulator: Emulator, api_key: str) -> None:
    clock = FakeClock()
    client = RootFiClient(Transport(Settings(api_key, emulator.url), Redactor(), clock=clock))
    clock.stop()
    with pytest.raises(errors.NotSent, match="Pulumi has ended"):
        create(client)
    assert emulator.calls == []


def test_once_pulumi_has_ended_what_was_made_can_still_be_disabled(emulator: Emulator, api_key: str) -> None:
    clock = FakeClock()
    client = RootFiClient(Transport(Settings(api_key, emulator.url), Redactor(), clock=clock))
    create(client)
    clock.stop()
    update(client)
    assert emulator.calls[-1] == "PUT /integrations/1234"


def test_an_address_that_cannot_work_is_not_tried_for_two_minutes(emulator: Emulator) -> None:
    with pytest.raises(errors.NotSent) as raised:
        create(client_of(emulator.url.replace("http:", "https:")))
    assert raised.value.attempts == 1
