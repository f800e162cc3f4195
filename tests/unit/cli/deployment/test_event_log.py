"""What is read of Pulumi's event log, and of one that ends early."""

import json
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.cli.deployment.event_log import read_changes
from rootfi_pulumi.cli.deployment.outcome import Changed, Changes
from rootfi_pulumi.state import INTEGRATION

SUMMARY = {"summaryEvent": {"isPreview": True, "resourceChanges": {"same": 3, "update": 1}}}


def step(operation: str, name: str = "xero", type_: str = INTEGRATION, **more: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::rootfi::{type_}::{name}"
    return {"resOutputsEvent": {"metadata": {"op": operation, "urn": urn, "type": type_, **more}}}


def log_of(folder: Path, *events: object, end: str = "") -> Path:
    path = folder / "events"
    path.write_text("".join(f"{json.dumps(event)}\n" for event in events) + end)
    return path


def test_update_names_the_members_that_differ(tmp_path: Path) -> None:
    old = {"inputs": {"client_id": "a", "client_secret_version": 1, "is_disabled": False}}
    new = {"inputs": {"client_id": "a", "client_secret_version": 2, "is_disabled": True}}
    log = log_of(tmp_path, step("update", logical=True, old=old, new=new), SUMMARY)
    assert read_changes(log, is_preview=True) == Changes(
        {"same": 3, "update": 1}, (Changed("xero", "update", ("client_secret", "is_disabled")),)
    )


@pytest.mark.parametrize(
    "event",
    [
        step("same", logical=True),
        step("refresh"),
        step("create-replacement"),
        step("update", type_="pulumi:providers:pulumi-python", logical=True),
        ["no mapping"],
        {},
    ],
)
def test_event_that_changes_no_integration_is_left_out(event: object, tmp_path: Path) -> None:
    changes = read_changes(log_of(tmp_path, event, SUMMARY), is_preview=True)
    assert changes
    assert changes.integrations == ()


def test_run_that_was_killed_has_no_changes(tmp_path: Path) -> None:
    log = log_of(tmp_path, step("create", logical=True), end='{"summaryEv')
    assert read_changes(log, is_preview=True) is None


def test_preview_before_a_deploy_is_not_the_deploy(tmp_path: Path) -> None:
    assert read_changes(log_of(tmp_path, SUMMARY), is_preview=False) is None


def test_missing_log_has_no_changes(tmp_path: Path) -> None:
    assert read_changes(tmp_path / "none", is_preview=True) is None


def test_name_is_one_printable_line(tmp_path: Path) -> None:
    log = log_of(tmp_path, step("delete", name="a\n\x1b[31mb", logical=True), SUMMARY)
    changes = read_changes(log, is_preview=True)
    assert changes
    assert changes.integrations[0].name == "a ?[31mb"
