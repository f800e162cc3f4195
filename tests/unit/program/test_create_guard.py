import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from rootfi_pulumi.program.create_guard import Guard, is_certainly_not_created
from rootfi_pulumi.program.refusals import SKIP, find_refusal
from rootfi_pulumi.program.state_reading import StateReading
from rootfi_pulumi.project.earlier_runs import EarlierRuns
from rootfi_pulumi.provider.create_permission import GRANTED, write_question
from rootfi_pulumi.provider.create_watch import NOTE, NOTED
from tests.support.mocks import NoResources, run_program
from tests.support.traces import INPUTS, MARKED, NOTHING, OTHER, PENDING, XERO


@pytest.mark.parametrize(
    ("cause", "certain"),
    [
        ("xero: not created: POST /integrations: 401", True),
        ("not created: POST /integrations: 401", True),
        ("xero: create failed: a bug in rootfi-pulumi (KeyError in create); please report it", False),
        # What RootFi, a declaration or another resource's name can put into a text.
        ("xero: create failed: not created: POST", False),
        ("xero: create failed\nxero: not created: POST", False),
        ("ValueError: xero: not created: of RootFi", False),
        ("other: not created: POST", False),
        # The SDK, if it showed errors in another way.
        ("Exception calling application: xero: not created: POST", False),
        ("rootfi_pulumi.api.errors.Unauthorized: POST /integrations: 401", False),
        ("error reading from server: EOF", False),
        ("rpc error: code = Unavailable desc = connection refused", False),
        ("", False),
    ],
)
def test_only_errors_that_begin_as_not_created_are_certain(cause: str, certain: bool) -> None:
    assert is_certainly_not_created(XERO, cause) is certain


class Showing:
    """A state in which earlier runs left this."""

    is_certain = True
    is_found = True

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
        known: Any = state
        begin = guard._journal.begin  # noqa: SLF001 (mocks have no stack)
        guard._reading = StateReading(known, begin, is_preview=False)  # noqa: SLF001 (the same)
        await use(guard)

    def program() -> pulumi.Output[None]:
        done: Any = use_guard()
        return pulumi.Output.from_input(asyncio.ensure_future(done))

    run_program(program)


def answers(state: Showing, *lines: bytes, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return what a program's guard answers to its plugin."""
    given: list[bytes] = []

    async def ask(guard: Guard) -> None:
        given.extend([await guard._answer(line) for line in lines])  # noqa: SLF001 (no plugin here asks)

    in_program(ask, state, monkeypatch)
    return given


def test_create_without_its_hook_is_refused_as_one_with(monkeypatch: pytest.MonkeyPatch) -> None:
    refused, granted = answers(
        Showing(MARKED), write_question(XERO, INPUTS), write_question(OTHER, INPUTS), monkeypatch=monkeypatch
    )
    assert refused.decode() == find_refusal(XERO, INPUTS, MARKED)
    assert granted == GRANTED


def test_create_without_its_hook_is_noted_with_the_plugins_death(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = answers(Showing(NOTHING), write_question(XERO, INPUTS), NOTE, monkeypatch=monkeypatch)
    assert noted == [GRANTED, NOTED]


@pytest.mark.parametrize("is_in_pulumi_cloud", [True, False])
def test_pending_create_is_judged_by_no_clock_but_our_own(
    is_in_pulumi_cloud: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = Showing(replace(PENDING, with_own=True), is_in_pulumi_cloud=is_in_pulumi_cloud)
    [answer] = answers(state, write_question(XERO, INPUTS), monkeypatch=monkeypatch)
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
