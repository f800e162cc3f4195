"""The questions of `make test-live`, run against the emulator with each of its settings."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator, Fault, Settings, StoredIntegration, state
from tests.support.contract.live_run import EmulatorClock, Run, run
from tests.support.contract.live_settings import EVERY_SETTING, ROWS
from tests.support.fake_clock import FakeClock
from tests.support.patience import PATIENCE
from tests.support.processes import read_line, started
from tests.support.systems import POSIX
from tools.live import __main__ as command
from tools.live.access import KEY, OTHER_KEY, URL

ROOT = Path(__file__).parents[2]


@pytest.fixture
def clock(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The clock of the run and of the emulator."""
    clock = EmulatorClock(emulator)
    monkeypatch.setattr(state, "monotonic", clock.now)
    return clock


def play(emulator: Emulator, clock: FakeClock, settings: Settings) -> Run:
    emulator.reset()
    emulator.settings = settings
    return run(emulator, clock=clock)


def left_enabled(emulator: Emulator) -> list[StoredIntegration]:
    return [
        each
        for key in list(emulator.snapshot().organisations)
        for each in emulator.integrations(key)
        if not each.is_disabled
    ]


def row(played: Run, question: str) -> str:
    return next(line for line in played.table.splitlines() if line.startswith(f"| {question} |"))


def test_every_question_has_its_settings_played(emulator: Emulator, clock: FakeClock) -> None:
    assert list(play(emulator, clock, Settings()).answers) == [*ROWS]


@pytest.mark.parametrize("question", list(ROWS))
def test_row_differs_between_settings(emulator: Emulator, clock: FakeClock, question: str) -> None:
    rows = [
        row(play(emulator, clock, Settings.model_validate(settings)), question) for settings in ROWS[question]
    ]
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("settings", EVERY_SETTING, ids=json.dumps)
def test_settings_that_are_written_give_the_same_table(
    emulator: Emulator, clock: FakeClock, settings: dict[str, Any]
) -> None:
    played = play(emulator, clock, Settings.model_validate(settings))
    again = play(emulator, clock, Settings.model_validate_json(played.settings.model_dump_json()))
    assert (again.table, left_enabled(emulator)) == (played.table, [])


def test_written_settings_are_those_of_the_emulator(emulator: Emulator, clock: FakeClock) -> None:
    settings = {"bad_key": 403, "put": {"status": 202, "secrets": "null"}, "id_format": "uuid"}
    played = play(emulator, clock, Settings.model_validate(settings))
    written = played.settings
    assert (written.bad_key, written.put.status, written.put.secrets, written.id_format) == (
        403,
        202,
        "null",
        "uuid",
    )


def test_longest_run_takes_no_more_than_25_requests(emulator: Emulator, clock: FakeClock) -> None:
    settings = {"visible_after": 5, "put_without_identity": 400, "rate_limit": {"requests": 5}}
    played = play(emulator, clock, Settings.model_validate(settings))
    assert 20 <= played.requests <= 25
    assert (left_enabled(emulator), played.play.seen.stopped) == ([], None)


@pytest.mark.parametrize("step", range(1, 15))
def test_interrupt_leaves_everything_disabled(emulator: Emulator, clock: FakeClock, step: int) -> None:
    def interrupt(line: str) -> None:
        if line.startswith("asking") and len(emulator.requests) == step - 1:
            clock.stop()

    played = run(emulator, clock=clock, say=interrupt)
    assert (left_enabled(emulator), played.play.clean_up.problems()) == ([], [])
    assert len(emulator.requests) <= step + 2


@pytest.mark.parametrize("most", range(1, 15))
def test_small_budget_leaves_everything_disabled(emulator: Emulator, clock: FakeClock, most: int) -> None:
    played = run(emulator, clock=clock, most=most)
    assert (left_enabled(emulator), played.requests <= most) == ([], True)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(operation="update", hang_up="before", times=None, skip=2),
        Fault(operation="create", hang_up="after", skip=2),
        Fault(operation="create", status=500, processed=True, skip=1),
        Fault(operation="create", body="{}", processed=True, skip=1),
    ],
)
def test_what_may_be_enabled_is_named(emulator: Emulator, clock: FakeClock, fault: Fault) -> None:
    emulator.inject(fault)
    played = run(emulator, clock=clock)
    named = " ".join(played.play.clean_up.problems())
    left = left_enabled(emulator)
    assert left
    assert [str(each.rootfi_id) in named or each.client_id in named for each in left] == [True] * len(left)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(operation="update", hang_up="before", skip=4),
        Fault(operation="update", hang_up="after", skip=3),
        Fault(operation="update", status=500, processed=True, skip=3),
    ],
    ids=["disabling was lost", "answer to enabling was lost", "500 though it enabled"],
)
def test_lost_change_is_made_good(emulator: Emulator, clock: FakeClock, fault: Fault) -> None:
    emulator.inject(fault)
    played = run(emulator, clock=clock)
    assert (left_enabled(emulator), played.play.clean_up.problems()) == ([], [])


@pytest.mark.parametrize("second_post", ["existing", "conflict"])
def test_integration_of_others_is_not_altered(emulator: Emulator, clock: FakeClock, second_post: Any) -> None:
    emulator.second_post = second_post
    key = emulator.add_organisation("the-key")
    theirs = emulator.add_integration(
        key, integration_type="ROOTFI_SANDBOX", client_id="theirs", client_secret="their-secret"
    )
    played = run(emulator, clock=clock, key=key, other_key=None)
    assert (emulator.integrations(key), "ROOTFI_SANDBOX" in (played.play.seen.stopped or "")) == (
        [theirs],
        True,
    )
    assert played.answers["A bad API key"].seen == "401"


def test_overwritten_integration_is_named(
    emulator: Emulator, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.second_post = "replace"
    key = emulator.add_organisation()
    emulator.add_integration(
        key, integration_type="ROOTFI_SANDBOX", client_id="theirs", client_secret="their-secret"
    )
    monkeypatch.setattr(state, "timestamp", lambda: "2999-08-10T15:00:00.000Z")
    played = run(emulator, clock=clock, key=key, other_key=None)
    assert "overwrote the credentials of integration 1234" in played.play.clean_up.problems()[0]
    assert [request.method for request in emulator.requests].count("PUT") == 0


def test_silent_put_is_checked_by_a_get(emulator: Emulator, clock: FakeClock) -> None:
    emulator.inject(Fault(operation="update", body="{}", processed=True, times=None))
    played = run(emulator, clock=clock)
    assert (left_enabled(emulator), played.play.clean_up.problems()) == ([], [])


def test_named_id_of_others_is_only_read(emulator: Emulator, clock: FakeClock) -> None:
    theirs = emulator.add_integration(
        emulator.add_organisation(), integration_type="XERO", client_id="theirs", client_secret="hushed"
    )
    played = run(emulator, clock=clock, other_key=None, other_id=str(theirs.rootfi_id))
    assert played.answers["Another organisation's id"].seen == "404"
    assert emulator.integration(theirs.rootfi_id) == theirs


def test_unanswered_question_says_why(emulator: Emulator, clock: FakeClock) -> None:
    played = run(emulator, clock=clock, other_key=None)
    assert [
        played.answers[question].seen
        for question in ("Another organisation's id", "`Retry-After` with a 429 or 503")
    ] == [
        "not answered: no second organisation was named",
        "not answered: no answer was 429 or 503",
    ]


def test_refused_key_ends_the_run(emulator: Emulator, clock: FakeClock) -> None:
    played = run(emulator, clock=clock, key="not-a-key")
    assert (played.requests, played.answers["A bad API key"].seen) == (
        2,
        "not answered: RootFi refuses the API key or its right to create: 401",
    )


def test_long_wait_for_the_rate_limit_ends_the_run(emulator: Emulator, clock: FakeClock) -> None:
    emulator.settings = Settings.model_validate({"rate_limit": {"requests": 2, "seconds": 3600}})
    played = run(emulator, clock=clock)
    assert (clock.waits, played.play.seen.stopped) == ([], "RootFi's rate limit asks to wait 3600 s")


def test_every_request_is_of_the_sandbox_type(emulator: Emulator, clock: FakeClock) -> None:
    run(emulator, clock=clock)
    types = {request.body_member("integration_type") for request in emulator.requests}
    assert types == {"ROOTFI_SANDBOX", None}


@pytest.fixture
def environ(emulator: Emulator) -> dict[str, str]:
    return {
        KEY: emulator.add_organisation("main-key-2710"),
        OTHER_KEY: emulator.add_organisation("other-key-2710"),
        URL: emulator.url,
    }


@pytest.fixture
def handlers() -> Iterator[None]:
    """Restore the signal handlers that the command replaces."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
def test_command_shows_no_key_and_no_secret(
    emulator: Emulator, environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator.inject(Fault(operation="update", status=400, echo=True))
    # Not a good name, but one that the command shows.
    file = tmp_path / "main-key-2710.json"
    code = command.main(["--yes", "--emulate", str(file)], environ)
    printed = capsys.readouterr()
    secrets = {request.body_member("client_secret") for request in emulator.requests} - {None}
    shown = printed.out + printed.err + file.read_text()
    assert (code, [each for each in {*secrets, "key-2710"} if str(each) in shown]) == (0, [])
    assert len(secrets) == 2


@pytest.mark.usefixtures("handlers")
def test_command_says_what_it_left(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["--yes"], environ)
    assert capsys.readouterr().err.splitlines()[-1] == "14 of 25 requests; left disabled: 1234, 1235"


@POSIX
def test_ctrl_c_during_a_post_leaves_it_disabled(emulator: Emulator, environ: dict[str, str]) -> None:
    emulator.inject(Fault(operation="create", hold=True, processed=True, skip=1))
    words = [sys.executable, "-m", "tools.live", "--yes"]
    with started(words, cwd=ROOT, env={**os.environ, **environ}) as process:
        emulator.wait_until_held()
        process.send_signal(signal.SIGINT)
        while not read_line(process, errors=True).startswith("interrupted"):
            assert process.poll() is None
        emulator.release()
        table, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, left_enabled(emulator)) == (130, [])
    assert "not answered: the run was interrupted" in table
    assert len(emulator.requests) == 3
