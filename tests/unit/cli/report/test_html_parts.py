import pytest

from rootfi_pulumi.cli.report.drift import GONE, Drift
from rootfi_pulumi.cli.report.html_parts import (
    count,
    render_code,
    render_command,
    render_drift,
    summarise_drift,
)
from tests.support.pages.parsed import words_of

SWITCHED_OFF = Drift("is_disabled", before=False, after=True)
SWITCHED_ON = Drift("is_disabled", before=True, after=False)
SECRET = Drift("client_secret")
CLIENT = Drift("client_id", "old-app", "new-app")


@pytest.mark.parametrize(
    ("drift", "words"),
    [
        (SWITCHED_OFF, "Switched off at RootFi: is_disabled: false → true"),
        (SWITCHED_ON, "Switched on at RootFi: is_disabled: true → false"),
        (CLIENT, "Changed at RootFi: client_id: old-app → new-app"),
        (SECRET, "Changed at RootFi: client_secret"),
        (Drift(GONE), "No longer at RootFi"),
    ],
)
def test_drift_says_what_changed_from_what_to_what(drift: Drift, words: str) -> None:
    assert words_of(render_drift(drift)) == words


@pytest.mark.parametrize(
    ("drifted", "words"),
    [
        ((), ""),
        ((SWITCHED_OFF,), "switched off at RootFi"),
        ((Drift(GONE),), "no longer at RootFi"),
        ((CLIENT, SECRET), "client_id, client_secret changed at RootFi"),
        ((SECRET, SWITCHED_ON), "switched on at RootFi, client_secret changed at RootFi"),
    ],
)
def test_drift_of_an_integration_is_summarised(drifted: tuple[Drift, ...], words: str) -> None:
    assert summarise_drift(drifted) == words


def test_backticks_become_code_and_a_command_can_be_copied() -> None:
    assert render_code("run `a<b` now") == "run <code>a&lt;b</code> now"
    assert "<code>pulumi up</code> <button" in render_command("pulumi up")


def test_one_thing_is_singular() -> None:
    assert [count(number, "stack") for number in (0, 1, 2)] == ["0 stacks", "1 stack", "2 stacks"]
