"""The journal under Pulumi's own mocks, with a state that shows what the test says, and an engine that listens."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from rootfi_pulumi.program import create_journal
from rootfi_pulumi.program.create_journal import CreateJournal
from rootfi_pulumi.project.earlier_runs import EarlierRuns, StateUnreadableError
from rootfi_pulumi.sdk_internals.state_writer import NotWrittenError
from tests.support.listening import listening
from tests.support.mocks import NoResources, run_program
from tests.support.patience import PATIENCE


def earlier(noted: dict[str, str | None], ids: dict[str, str] | None = None) -> EarlierRuns:
    return EarlierRuns(Counter(), noted, "journal", {}, ids or {}, {}, with_own=True)


class Showing:
    """A state whose journal holds these."""

    def __init__(self, *noted: str) -> None:
        self.noted = noted

    def now(self) -> EarlierRuns:
        return earlier(dict.fromkeys(self.noted))


class Unreadable:
    def now(self) -> EarlierRuns:
        raise StateUnreadableError("no backend")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is shown; no line is waited for."""
    lines: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", lines.append)
    monkeypatch.setattr(create_journal, "_TO_BE_READ", 0)
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    mocks.set_mocks(NoResources())
    return lines


def play(state: Any, steps: Callable[[CreateJournal], Awaitable[None]], engine: int | None = None) -> None:
    def program() -> pulumi.Output[None]:
        journal = CreateJournal(state)
        journal._engine_port = engine  # noqa: SLF001 (mocks have no engine)
        done: Any = steps(journal)
        return pulumi.Output.from_input(asyncio.ensure_future(done))

    run_program(program)


def test_what_the_state_shows_is_noted_once_for_all(said: list[str]) -> None:
    async def steps(journal: CreateJournal) -> None:
        assert await journal.note_or_end({"a", "b"}, "failed")
        assert await journal.note_or_end({"a"}, "failed")
        assert journal.interrupted.keys() == {"a", "b"}

    play(Showing("a", "b"), steps)
    assert said == []


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (Showing(), "failed: the engine put no note of it into the state, so this run ends at once: "),
        (
            Unreadable(),
            "failed: whether the note of it is in the state is unknown (no backend), so this run",
        ),
    ],
)
def test_an_engine_ends_where_the_state_shows_no_note(state: object, why: str, said: list[str]) -> None:
    with listening() as (process, port):

        async def steps(journal: CreateJournal) -> None:
            assert not await journal.note_or_end({"a"}, "failed")

        play(state, steps, port)
        assert process.wait(PATIENCE) == -9
    assert said[0].startswith(why)


def test_note_that_cannot_be_written_ends_the_engine(
    said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise NotWrittenError("ConnectionError")

    monkeypatch.setattr(create_journal, "write_outputs", refuse)
    with listening() as (process, port):

        async def steps(journal: CreateJournal) -> None:
            await journal.take_out(set())
            journal._is_written = False  # noqa: SLF001 (as in a run that took none out)
            assert not await journal.note_or_end({"a"}, "failed")

        play(Showing("a"), steps, port)
        assert process.wait(PATIENCE) == -9
    assert said[0].startswith("failed: no note of it could be written (ConnectionError), so this run ends")


def test_an_engine_that_is_not_found_is_said(said: list[str]) -> None:
    async def steps(journal: CreateJournal) -> None:
        assert not await journal.note_or_end({"a"}, "failed")
        assert not await journal.note_or_end({"b"}, "failed")

    play(Showing(), steps)
    assert "the engine's process is not found\n  Before the next `pulumi up`, look for it" in said[0]
    assert "the engine takes one note in a run, and has it" in said[1]


def test_without_a_state_what_was_written_counts(said: list[str]) -> None:
    async def steps(journal: CreateJournal) -> None:
        assert await journal.note_or_end({"a"}, "failed")

    play(None, steps)
    assert said == []


def test_note_holds_the_id_that_was_managed_before(said: list[str]) -> None:
    async def steps(journal: CreateJournal) -> None:
        journal.begin(earlier({"kept": "7"}, {"kept": "7", "a": "1", "unknown": "3"}))
        await journal.note_or_end({"a", "new", "kept"}, "failed")
        assert journal.interrupted == {"a": "1", "new": "", "kept": "7"}

    play(Showing("a", "new", "kept"), steps)
    assert said == []


def test_note_of_an_earlier_run_that_is_resolved_is_dropped(said: list[str]) -> None:
    async def steps(journal: CreateJournal) -> None:
        journal.begin(earlier({"adopted": "", "open": ""}, {"adopted": "1"}))
        assert journal.interrupted == {"open": ""}

    play(Showing(), steps)
    assert said == []


def test_what_is_resolved_is_taken_out(said: list[str]) -> None:
    async def steps(journal: CreateJournal) -> None:
        journal.begin(earlier({"a": "", "b": None}))
        await journal.take_out({"a"})
        await journal.take_out({"b"})
        # The engine takes the journal once.
        assert journal.interrupted == {"b": None}

    play(Showing(), steps)
    assert said == []
