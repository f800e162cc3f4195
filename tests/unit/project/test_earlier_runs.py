import json
from datetime import UTC, datetime

import pytest

from rootfi_pulumi.project.earlier_runs import EarlierRuns, StateUnreadableError, Unfinished
from rootfi_pulumi.state import INTEGRATION, JOURNAL, name_of

XERO = "urn:pulumi:dev::rootfi::pulumi-python:dynamic/rootfi:RootFiIntegration::xero"
STARTED = datetime(2026, 11, 24, 12, tzinfo=UTC)
BEFORE, DURING = "2026-11-24T11:59:59.123456789Z", "2026-11-24T14:00:00.1+01:00"


def earlier(time: str, creating: int) -> EarlierRuns:
    operations = [{"type": "creating", "resource": {"urn": XERO}}] * creating
    deployment = {"manifest": {"time": time}, "pending_operations": operations}
    return EarlierRuns.parse(json.dumps({"version": 3, "deployment": deployment}), STARTED)


def test_a_create_that_an_earlier_run_left_is_interrupted() -> None:
    assert earlier(BEFORE, 1).left_pending(XERO)


def test_a_create_of_this_very_run_is_not_taken_for_an_earlier_one() -> None:
    assert not earlier(DURING, 1).left_pending(XERO)


def test_an_earlier_create_is_seen_along_with_one_of_this_run() -> None:
    assert earlier(DURING, 2).left_pending(XERO)


@pytest.mark.parametrize(
    "exported",
    ["", "[]", "{}", '{"deployment": null}', '{"deployment": {"resources": [{}]}}', '{"deployment": {}}'],
)
def test_what_is_no_state_is_not_taken_for_an_empty_one(exported: str) -> None:
    with pytest.raises(StateUnreadableError):
        EarlierRuns.parse(exported, STARTED)


def test_the_name_is_the_last_part_of_a_urn() -> None:
    assert name_of(XERO) == "xero"


SOUGHT = {"integration_type": "XERO", "client_id": "app"}


def test_an_unfinished_integration_is_known_by_its_id_unless_replaced() -> None:
    made = [
        {"type": INTEGRATION, "urn": "a", "id": "unresolved-1", "outputs": {"unfinished": "since", **SOUGHT}},
        {
            "type": INTEGRATION,
            "urn": "b",
            "id": "1234",
            "outputs": {"unfinished": "no", "client_id": {"a": "b"}},
        },
        {
            "type": INTEGRATION,
            "urn": "c",
            "id": "unresolved-2",
            "outputs": {"unfinished": "since"},
            "delete": True,
        },
        {"type": INTEGRATION, "urn": "d", "id": "1235", "outputs": {}},
    ]
    exported = json.dumps({"deployment": {"manifest": {"time": BEFORE}, "resources": made}})
    assert EarlierRuns.parse(exported, STARTED).unfinished == {
        "a": Unfinished("unresolved-1", "since", "XERO", "app"),
        "b": Unfinished("1234", "no", None, None),
    }


def noted(before: str | None, *resources: dict[str, object]) -> frozenset[str]:
    """Return what still counts as interrupted where a create of XERO was noted, with these in the state."""
    known = {} if before is None else {XERO: before}
    outputs = {"interrupted": [XERO], "managed_before": known}
    journal = {"type": JOURNAL, "urn": f"urn:pulumi:dev::rootfi::{JOURNAL}::rootfi", "outputs": outputs}
    deployment = {"manifest": {"time": BEFORE}, "resources": [journal, *resources]}
    return EarlierRuns.parse(json.dumps({"deployment": deployment}), STARTED).interrupted


def managed(id_: str, **more: object) -> dict[str, object]:
    return {"type": INTEGRATION, "urn": XERO, "id": id_} | more


def test_noted_create_is_resolved_once_its_urn_has_another_id() -> None:
    assert noted("", managed("1300")) == frozenset()
    assert noted("1000", managed("1000", delete=True), managed("1300")) == frozenset()


def test_noted_create_is_interrupted_while_its_urn_has_the_id_it_had() -> None:
    assert noted("1000", managed("1000")) == {XERO}
    assert noted("1000") == {XERO}
    assert noted("1000", managed("1000", delete=True)) == {XERO}
    assert noted("") == {XERO}


def test_noted_create_of_an_unknown_id_before_stays_interrupted() -> None:
    assert noted(None, managed("1300")) == {XERO}
