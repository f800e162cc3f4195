from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator, StoredIntegration
from rootfi_pulumi.provider.phrases import BUG
from rootfi_pulumi.state import JOURNAL
from tools.soak.invariants import (
    BrokenError,
    Tracking,
    check_output,
    check_tracking,
    untracked,
)

TYPE = "pulumi-python:dynamic/rootfi:RootFiIntegration"


def resource(name: str, id_: str) -> dict[str, Any]:
    return {"type": TYPE, "urn": f"urn:pulumi:dev::rootfi::{TYPE}::{name}", "id": id_}


def tracking(*resources: dict[str, Any], **deployment: Any) -> Tracking:
    return Tracking.of({"resources": list(resources), **deployment})


def at_rootfi(*client_ids: str, is_disabled: bool = False) -> list[StoredIntegration]:
    """Return integrations with ids from 1234."""
    emulator = Emulator()
    key = emulator.add_organisation()
    for client_id in client_ids:
        emulator.add_integration(
            key, integration_type="XERO", client_id=client_id, client_secret="s", is_disabled=is_disabled
        )
    return emulator.integrations(key)


def journal(before: str) -> dict[str, Any]:
    """Return a journal in which the create of ada is noted, which had this id before."""
    urn = resource("ada", "")["urn"]
    outputs = {"interrupted": [urn], "managed_before": {urn: before}}
    return {"type": JOURNAL, "urn": "j", "outputs": outputs}


@pytest.mark.parametrize("deployment", [{}, {"resources": None, "pending_operations": None}])
def test_an_empty_state_tracks_nothing(deployment: dict[str, Any]) -> None:
    assert Tracking.of(deployment) == Tracking([], {}, frozenset(), frozenset())


def test_an_unresolved_resource_is_a_trace_and_no_id() -> None:
    found = tracking(resource("ada", "unresolved-1"), resource("ben", "1234"))
    assert (found.ids, found.traced) == (["1234"], frozenset({"ada"}))


def test_a_pending_create_is_a_trace_and_a_pending_update_is_none() -> None:
    operations = [
        {"type": "creating", "resource": resource("ada", "")},
        {"type": "updating", "resource": resource("ben", "1234")},
    ]
    assert tracking(pending_operations=operations).traced == {"ada"}


def test_what_the_journal_notes_is_a_trace() -> None:
    assert tracking(journal("")).traced == {"ada"}
    assert tracking(journal("1234"), resource("ada", "1234")).traced == {"ada"}


def test_what_the_journal_notes_is_no_trace_once_it_has_another_id() -> None:
    assert tracking(journal(""), resource("ada", "1234")).traced == set()
    assert tracking(journal("1234"), resource("ada", "1235")).traced == set()


def test_a_live_integration_that_is_tracked_is_fine() -> None:
    check_tracking(tracking(resource("ada", "1234")), at_rootfi("ada-1"), [])


def test_an_untracked_live_integration_is_found() -> None:
    with pytest.raises(BrokenError, match="live and untracked, without a trace in the state: ada"):
        check_tracking(tracking(), at_rootfi("ada-1"), [])


def test_a_trace_of_another_does_not_excuse_it() -> None:
    with pytest.raises(BrokenError, match="untracked"):
        check_tracking(tracking(resource("ben", "unresolved-1")), at_rootfi("ada-1"), [])


def test_a_trace_excuses_one() -> None:
    check_tracking(tracking(resource("ada", "unresolved-1")), at_rootfi("ada-1"), [])


def test_a_trace_does_not_excuse_two() -> None:
    with pytest.raises(BrokenError, match="created more than once: ada"):
        check_tracking(tracking(resource("ada", "unresolved-1")), at_rootfi("ada-1", "ada-2"), [])


def test_disabled_and_manual_integrations_need_no_tracking() -> None:
    assert untracked(tracking(), at_rootfi("ada-1", is_disabled=True), []) == {}
    assert untracked(tracking(), at_rootfi("by hand"), [1234]) == {}


def test_an_id_that_is_tracked_twice_is_found() -> None:
    with pytest.raises(BrokenError, match="tracked twice: 1234"):
        check_tracking(tracking(resource("ada", "1234"), resource("ben", "1234")), [], [])


@pytest.mark.parametrize(
    "output",
    [
        "Traceback (most recent call last):",
        f"xero: create failed: {BUG}",
        "panic: x",
        "hunter2",
    ],
)
def test_a_crash_or_a_secret_in_the_output_is_found(output: str) -> None:
    with pytest.raises(BrokenError):
        check_output(f"up\n{output}\n", ["hunter2"])


def test_plain_output_is_fine() -> None:
    check_output("error: POST /integrations: 500", ["hunter2"])
