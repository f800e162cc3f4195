"""`rootfi-pulumi report` of stacks in each state that there is, read by the real engine."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.command.in_project import rootfi_pulumi
from tests.support.pulumi_project import XERO, Project
from tests.support.runs.reported import IN_STATE, everything, report_of, states


def test_without_a_secret_every_stack_is_read_and_rootfi_is_not_asked(
    bare: Project, emulator: Emulator
) -> None:
    emulator.forget_requests()
    found = report_of(bare)
    assert [*found] == ["dev", "prod"]
    assert (states(found["dev"]), states(found["prod"])) == (IN_STATE, {"xero": ["missing"]})
    assert emulator.calls == []


def test_refresh_finds_what_was_changed_at_rootfi(stacks: Project) -> None:
    dev = report_of(stacks, "--refresh", "--stack", "dev")["dev"]
    assert states(dev) == IN_STATE | {"xero": ["drifted"], "tracked": ["drifted"]}
    drifted = {name: each["drifted"] for name, each in dev["integrations"].items() if each["drifted"]}
    assert drifted == {"xero": ["client_secret"], "tracked": ["no longer at RootFi"]}


@pytest.mark.case
def test_refresh_needs_no_client_secret_and_changes_nothing(stacks: Project, bare: Project) -> None:
    given: dict[str, Any] = {
        name: stacks.environ[name] for name in ("PULUMI_CONFIG_PASSPHRASE", "ROOTFI_API_KEY")
    }
    before = everything(stacks.folder.parent)
    dev = report_of(bare, "--refresh", "--stack", "dev", **given)["dev"]
    assert states(dev)["xero"] == ["drifted"]
    assert everything(stacks.folder.parent) == before


@pytest.mark.case
def test_refresh_without_the_passphrase_shows_the_state_and_fails(
    bare: Project,
) -> None:
    dev = report_of(bare, "--refresh", "--stack", "dev", code=1)["dev"]
    assert states(dev) == IN_STATE
    [problem] = dev["problems"]
    assert problem.startswith("cannot check for drift: ")
    assert "passphrase" in problem


def test_a_stack_that_was_never_deployed_is_no_mistake(bare: Project) -> None:
    prod = report_of(bare, "--stack", "prod")["prod"]
    assert (prod["notes"], prod["problems"], prod["known"]) == (["never deployed"], [], True)


def test_an_integration_shows_what_identifies_its_credential(bare: Project, emulator: Emulator) -> None:
    xero = report_of(bare, "--stack", "dev")["dev"]["integrations"]["xero"]
    assert emulator.integration(xero.pop("rootfi_id")).integration_type == "XERO"
    assert xero == {
        "state": "enabled",
        "states": ["enabled"],
        "integration_type": "XERO",
        "client_id": "xero-app",
        "client_id_tail": "-app",
        "secret_number": 1,
        "age_days": {"at_least": 0, "at_most": 0},
        "drifted": [],
        "changes": [],
    }


# What cannot be read.


def test_report_on_an_unknown_name_fails_and_shows_the_others(bare: Project) -> None:
    ended = rootfi_pulumi(bare, "report", "--stack", "typo", "--stack", "prod", code=1)
    why = "no stack or stack file has this name"
    assert ended.errors == f"rootfi-pulumi report: typo: {why}\n"
    [alert] = [line for line in ended.output.splitlines() if "not read  typo" in line]
    assert (why in alert, alert.endswith("  $ rootfi-pulumi doctor --stack typo")) == (True, True)
    assert "✕ missing" in ended.output


@pytest.mark.case
def test_a_state_that_is_no_state_leaves_its_integrations_unknown(own: Project) -> None:
    [state] = (own.folder.parent / "state").rglob("dev.json")
    state.write_text("{")
    dev = report_of(own, code=1)["dev"]
    assert (dev["known"], dev["integrations"], len(dev["problems"])) == (False, {}, 1)


def test_a_mistake_in_a_file_fails_and_the_state_is_shown(own: Project) -> None:
    own.declare({"xero": XERO | {"client_id": ""}})
    dev = report_of(own, "--stack", "dev", code=1)["dev"]
    assert "integrations.xero.client_id: must not be empty" in dev["problems"][0]
    assert states(dev)["quickbooks"] == ["disabled"]


@pytest.mark.case
def test_a_state_without_its_file_is_shown_with_a_note(own: Project) -> None:
    (own.folder / "stacks" / "Pulumi.dev.yaml").unlink()
    dev = report_of(own, "--stack", "dev")["dev"]
    assert dev["notes"] == [f"{Path('stacks')}/Pulumi.dev.yaml does not exist"]
    assert states(dev)["gone"] == ["enabled"]


@pytest.mark.case
def test_a_key_that_rootfi_refuses_is_reported_in_its_words(own: Project) -> None:
    dev = report_of(own, "--refresh", "--stack", "dev", code=1, ROOTFI_API_KEY="of-nobody")["dev"]
    assert (states(dev), "401" in dev["problems"][0]) == (IN_STATE, True)


@pytest.mark.case
def test_outside_a_project_it_is_one_line(stacks: Project, tmp_path: Path) -> None:
    ended = rootfi_pulumi(replace(stacks, folder=tmp_path), "report", code=1)
    assert (ended.output, ended.errors.count("\n")) == ("", 1)
    assert "no Pulumi.yaml here or above" in ended.errors


@pytest.mark.case
def test_without_any_file_it_says_how_to_name_a_stack(own: Project) -> None:
    shutil.rmtree(own.folder / "stacks")
    assert "name a stack with --stack" in rootfi_pulumi(own, "report", code=1).errors


# What it ends with.


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--fail-on", "disabled"], "quickbooks is disabled in dev"),
        (["--fail-on", "unfinished", "--stack", "dev"], "lost is unfinished in dev"),
        (["--fail-on", "drifted", "--refresh", "--stack", "dev"], "xero is drifted in dev"),
        (["--fail-on", "undeclared", "--fail-on", "missing", "--stack", "prod"], "xero is missing in prod"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_state_named_by_fail_on_fails_and_is_reported(
    stacks: Project, options: list[str], line: str
) -> None:
    errors = rootfi_pulumi(stacks, "report", *options, code=1).errors
    assert f"rootfi-pulumi report: {line}\n" in errors


@pytest.mark.case
def test_a_state_that_does_not_occur_fails_nothing(bare: Project) -> None:
    assert rootfi_pulumi(bare, "report", "--fail-on", "disabled", "--stack", "prod").errors == ""


def test_a_state_behind_the_one_that_is_shown_fails_too(own: Project) -> None:
    declared = own.declared()
    del declared["xero"]
    own.declare(declared)
    line = ("report", "--refresh", "--stack", "dev", "--fail-on", "undeclared", "--format", "json")
    ended = rootfi_pulumi(own, *line, code=1)
    [dev] = json.loads(ended.output)["stacks"]
    assert states(dev)["xero"] == ["drifted", "undeclared"]
    assert "xero is undeclared in dev" in ended.errors


@pytest.mark.case
@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--fail-on", "drifted"], "drifted requires --refresh"),
        (
            ["--fail-on", "enabled"],
            "'enabled' is not one of unfinished, drifted, missing, undeclared, disabled",
        ),
        (["--format", "pdf"], "'pdf' is not one of 'table', 'markdown', 'json', 'html'"),
        (["--json", "--format", "html"], "--json: contradicts --format html"),
        (["--json", "--wide"], "--wide: is only for tables, not for json"),
        (["--output", "."], "'.' is a directory"),
        (["dev"], "unexpected argument 'dev': did you mean --stack dev?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_line_and_exits_2(stacks: Project, options: list[str], why: str) -> None:
    ended = rootfi_pulumi(stacks, "report", *options, code=2)
    assert (ended.output, why in ended.errors, ended.errors.count("\n")) == ("", True, 1)
