"""The report in JSON."""

import json

import pytest

from rootfi_pulumi.cli.report.as_json import render_json
from rootfi_pulumi.cli.report.matrix import Column
from rootfi_pulumi.cli.report.states import State
from tests.support.pages.small_matrix import HOSTILE, SHARED, TWO, XERO, matrix_of


@pytest.mark.parametrize("name", HOSTILE)
def test_json_has_a_name_as_it_is_written(name: str) -> None:
    told = json.loads(render_json(matrix_of(Column(name, {name: XERO}))))
    assert [(each["stack"], [*each["integrations"]]) for each in told["stacks"]] == [(name, [name])]


def test_json_has_the_documented_shape() -> None:
    told = json.loads(render_json(TWO))
    none = dict.fromkeys(State, 0)
    dev, prod = told.pop("stacks")
    counts = none | {"drifted": 1, "enabled": 1}
    generated = "2026-11-25T12:00:00+00:00"
    assert told == {"generated": generated, "refreshed": False, "counts": counts, "shared": []}
    assert prod == {
        "stack": "prod",
        "known": False,
        "compared": False,
        "notes": [],
        "problems": ["state: no login"],
        "counts": none,
        "integrations": {},
    }
    assert [*dev["integrations"]] == ["wave", "xero"]
    assert dev["integrations"]["wave"] == {
        "state": "drifted",
        "states": ["drifted", "disabled"],
        "integration_type": "XERO",
        "client_id": "my-app",
        "client_id_tail": "-app",
        "rootfi_id": 1235,
        "secret_number": 2,
        "age_days": None,
        "drifted": ["client_secret"],
        "changes": [{"member": "client_secret", "before": None, "after": None}],
    }
    assert dev["integrations"]["xero"]["age_days"] == {"at_least": 0, "at_most": 98}


def test_json_lists_what_is_shared() -> None:
    stacks = ("dev", "u")
    assert json.loads(render_json(SHARED))["shared"] == [
        {
            "rootfi_id": 1234,
            "integration_type": "",
            "same_key": True,
            "integrations": [{"stack": stack, "name": "xero"} for stack in stacks],
        },
        {
            "rootfi_id": None,
            "integration_type": "WAVE",
            "same_key": True,
            "integrations": [{"stack": stack, "name": "wave"} for stack in stacks],
        },
    ]
