import json
from datetime import UTC, datetime

import pytest

from rootfi_pulumi.earlier_runs import EarlierRuns, StateUnreadableError, name_of

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


def test_an_earlier_create_is_seen_beside_one_of_this_run() -> None:
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


def test_an_unfinished_integration_is_told_by_its_id_unless_it_is_replaced() -> None:
    kind = "pulumi-python:dynamic/rootfi:RootFiIntegration"
    made = [
        {"type": kind, "urn": "a", "id": "unresolved-1", "outputs": {"unfinished": "since"}},
        {"type": kind, "urn": "b", "id": "1234", "outputs": {"unfinished": "not disabled"}},
        {"type": kind, "urn": "c", "id": "unresolved-2", "outputs": {"unfinished": "since"}, "delete": True},
        {"type": kind, "urn": "d", "id": "1235", "outputs": {}},
    ]
    exported = json.dumps({"deployment": {"manifest": {"time": BEFORE}, "resources": made}})
    assert EarlierRuns.parse(exported, STARTED).unfinished == {"a": "unresolved-1", "b": "1234"}
