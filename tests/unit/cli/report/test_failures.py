"""What standard error says after a report."""

import io
import os
from pathlib import Path

import pytest

from rootfi_pulumi.cli.report.failures import has_failed, is_same_place, list_failures
from rootfi_pulumi.cli.report.states import State
from tests.support.pages.small_matrix import SHARED, TWO

WANTED = [State.DISABLED, State.DRIFTED]


def test_each_problem_and_state_of_fail_on_is_a_line() -> None:
    assert list_failures(TWO, WANTED, is_shown=False) == [
        "prod: state: no login",
        "wave is drifted in dev",
        "wave is disabled in dev",
    ]


def test_what_the_table_shows_is_not_repeated() -> None:
    assert list_failures(TWO, [], is_shown=True) == []
    assert list_failures(TWO, [State.DRIFTED], is_shown=True) == [
        "exit code 1 because of --fail-on: 1 drifted"
    ]


def test_state_behind_the_one_shown_is_listed() -> None:
    assert list_failures(TWO, WANTED, is_shown=True) == [
        "wave is disabled in dev",
        "exit code 1 because of --fail-on: 1 drifted, 1 disabled",
    ]


def test_report_fails_on_problems_and_on_wanted_states() -> None:
    assert [has_failed(TWO, []), has_failed(SHARED, []), has_failed(SHARED, [State.MISSING])] == [
        True,
        False,
        False,
    ]
    assert has_failed(SHARED, [State.ENABLED])


def test_streams_to_one_file_are_at_the_same_place(tmp_path: Path) -> None:
    with (tmp_path / "a").open("w") as one, (tmp_path / "a").open("a") as again:
        with (tmp_path / "b").open("w") as other:
            assert (is_same_place(one, again), is_same_place(one, other)) == (True, False)
        assert not is_same_place(one, io.StringIO())
    assert not is_same_place(one, again)


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="Windows has no terminals of this kind")
def test_terminals_are_at_the_same_place_if_they_are_one() -> None:
    ends = [*os.openpty(), *os.openpty()]
    streams = [os.fdopen(each, "w", closefd=False) for each in (ends[1], os.dup(ends[1]), ends[3])]
    try:
        assert [is_same_place(streams[0], each) for each in streams] == [True, True, False]
    finally:
        for each in (*ends, streams[1].fileno()):
            os.close(each)
