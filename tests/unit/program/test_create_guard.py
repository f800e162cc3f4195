import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from rootfi_pulumi.program.create_guard import _RAISED_BY_PROVIDER, SKIP, Guard, refusal
from rootfi_pulumi.project.earlier_runs import EarlierRuns
from rootfi_pulumi.provider.create_watch import NOTE, NOTED
from rootfi_pulumi.provider.permission import GRANTED, question
from tests.support.no_resources import NoResources

TYPE = "pulumi-python:dynamic/rootfi:RootFiIntegration"
XERO = f"urn:pulumi:dev::rootfi::{TYPE}::xero"
OTHER = f"urn:pulumi:dev::rootfi::some:index:Component${TYPE}::xero"
JOURNAL = "urn:pulumi:dev::rootfi::rootfi:index:CreateJournal::rootfi"
INPUTS = {"integration_type": "XERO", "client_id": "xero-app", "client_secret": "hunter2"}


STARTED = datetime(2026, 11, 24, 12, tzinfo=UTC)
OPERATION = {"type": "creating", "resource": {"urn": XERO, "type": TYPE}}


def earlier(**deployment: Any) -> EarlierRuns:
    deployment["manifest"] = {"time": "2026-11-24T11:59:59.123456789Z"}
    return EarlierRuns.parse(json.dumps({"version": 3, "deployment": deployment}), STARTED)


NOTHING = earlier()
PENDING = earlier(pending_operations=[OPERATION])
UPDATING = earlier(pending_operations=[{"type": "updating", "resource": {"urn": XERO, "type": TYPE}}])
ENTRY = {"urn": JOURNAL, "type": "rootfi:index:CreateJournal", "outputs": {"interrupted": [XERO]}}
MARKED = earlier(resources=[ENTRY])
MANAGED = earlier(resources=[{"urn": XERO, "type": TYPE, "id": "1234"}])


@pytest.mark.parametrize("runs", [NOTHING, UPDATING, MANAGED])
def test_a_create_that_nothing_speaks_against_is_not_refused(runs: EarlierRuns) -> None:
    assert refusal(XERO, INPUTS, runs) is None


@pytest.mark.parametrize("runs", [PENDING, MARKED])
def test_a_create_that_may_have_landed_is_refused(runs: EarlierRuns) -> None:
    message = str(refusal(XERO, INPUTS, runs))
    for said in ("xero: ", "a XERO integration", "client id xero-app", "`adopt: ", "`pulumi cancel`"):
        assert said in message
    assert "hunter2" not in message


def test_each_trace_is_told_with_what_forgets_it() -> None:
    assert "`pulumi refresh --clear-pending-creates`" in str(refusal(XERO, INPUTS, PENDING))
    assert f"`pulumi state delete '{JOURNAL}'`" in str(refusal(XERO, INPUTS, MARKED))


@pytest.mark.parametrize("runs", [PENDING, MARKED])
def test_another_integration_of_the_same_name_is_not_refused(runs: EarlierRuns) -> None:
    assert refusal(OTHER, INPUTS, runs) is None


@pytest.mark.parametrize("runs", [PENDING, MARKED, NOTHING])
def test_adopting_posts_nothing_and_is_not_refused(runs: EarlierRuns) -> None:
    assert refusal(XERO, INPUTS | {"adopt": 1234.0}, runs) is None


def test_adopting_what_another_resource_manages_is_refused() -> None:
    assert "integration 1234 is managed already, by " + XERO in str(
        refusal(OTHER, INPUTS | {"adopt": 1234.0}, MANAGED)
    )


def test_adopting_once_more_what_the_resource_itself_manages_is_refused() -> None:
    # A replacement would adopt it and then disable it as the old one.
    assert "managed already" in str(refusal(XERO, INPUTS | {"adopt": 1234.0}, MANAGED))


@pytest.mark.parametrize(
    ("error", "certain"),
    [
        ("rootfi_pulumi.api.errors.Unauthorized: POST /integrations: 401", True),
        ("rootfi_pulumi.provider.operations.ProviderError: adopt: no", True),
        ("rootfi_pulumi.declaration.from_env.NotInEnvironmentError: environment variable X is not set", True),
        ("rootfi_pulumi.provider.operations.UnexpectedError: create: KeyError: a fault", False),
        ("error reading from server: EOF", False),
        ("rpc error: code = Unavailable desc = connection refused", False),
        ("", False),
    ],
)
def test_only_what_the_provider_itself_raised_is_certain(error: str, certain: bool) -> None:
    assert bool(_RAISED_BY_PROVIDER.search(error)) is certain


class Showing:
    """A state in which earlier runs left this."""

    is_certain = True

    def __init__(self, runs: EarlierRuns, *, is_in_pulumi_cloud: bool = False) -> None:
        self._runs = runs
        self.is_in_pulumi_cloud = is_in_pulumi_cloud
        self.is_read = False

    def at_start(self) -> EarlierRuns:
        time.sleep(0.05)
        self.is_read = True
        return self._runs

    now = at_start


def in_program(
    use: Callable[[Guard], Awaitable[None]], state: Showing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Await what this does with the guard of a program."""
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    monkeypatch.setenv(SKIP, "1")
    mocks.set_mocks(NoResources())

    async def use_guard() -> None:
        guard = Guard()
        guard._state = state  # type: ignore[assignment]  # noqa: SLF001 (mocks have no stack)
        await use(guard)

    @pulumi.runtime.test
    def program() -> pulumi.Output[None]:
        done: Any = use_guard()
        return pulumi.Output.from_input(asyncio.ensure_future(done))

    program()


def answers(state: Showing, *lines: bytes, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return what a program's guard answers to its plugin."""
    given: list[bytes] = []

    async def ask(guard: Guard) -> None:
        given.extend([await guard._answer(line) for line in lines])  # noqa: SLF001 (no plugin here asks)

    in_program(ask, state, monkeypatch)
    return given


def test_create_without_its_hook_is_refused_as_one_with(monkeypatch: pytest.MonkeyPatch) -> None:
    refused, granted = answers(
        Showing(MARKED), question(XERO, INPUTS), question(OTHER, INPUTS), monkeypatch=monkeypatch
    )
    assert refused.decode() == refusal(XERO, INPUTS, MARKED)
    assert granted == GRANTED


def test_create_without_its_hook_is_noted_with_the_plugins_death(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = answers(Showing(NOTHING), question(XERO, INPUTS), NOTE, monkeypatch=monkeypatch)
    assert noted == [GRANTED, NOTED]


@pytest.mark.parametrize("is_in_pulumi_cloud", [True, False])
def test_pending_create_is_judged_by_no_clock_but_our_own(
    is_in_pulumi_cloud: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = Showing(replace(PENDING, with_own=True), is_in_pulumi_cloud=is_in_pulumi_cloud)
    [answer] = answers(state, question(XERO, INPUTS), monkeypatch=monkeypatch)
    assert (answer != GRANTED) is is_in_pulumi_cloud


@pytest.mark.parametrize("is_in_pulumi_cloud", [True, False])
def test_registration_waits_for_the_state_in_pulumi_cloud(
    is_in_pulumi_cloud: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = Showing(NOTHING, is_in_pulumi_cloud=is_in_pulumi_cloud)

    async def register(guard: Guard) -> None:
        assert await pulumi.Output.from_input(guard.in_time("x")).future() == "x"
        assert state.is_read is is_in_pulumi_cloud

    in_program(register, state, monkeypatch)
