"""What docs/upgrading.md promises. Each list here is a promise: add to it, but change or remove nothing.

tests/e2e/test_earlier_states.py loads the states of earlier versions.
"""

import inspect
import json
import pickle
import re
from dataclasses import fields
from importlib import import_module

import pytest

import rootfi_pulumi
from rootfi_pulumi import RootFiIntegration, state
from rootfi_pulumi.cli.doctor.finding import Finding, Status
from rootfi_pulumi.cli.report.as_json import render_json
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.declaration.members import BY_NAME
from rootfi_pulumi.declaration.settings import SETTINGS
from rootfi_pulumi.provider import phrases
from tests.support.command.command_line import Command
from tests.support.pages.small_matrix import TWO
from tests.support.pulumi_project import REPOSITORY

PAGE = " ".join((REPOSITORY / "docs" / "upgrading.md").read_text().split())
IN_STATES = {
    state.INTEGRATION: "pulumi-python:dynamic/rootfi:RootFiIntegration",
    state.ENVIRONMENT: "rootfi:index:Environment",
    state.JOURNAL: "rootfi:index:CreateJournal",
    state.INTERRUPTED: "interrupted",
    state.MANAGED_BEFORE: "managed_before",
    state.unresolved_id(""): "unresolved-",
}
OUTPUTS = {
    "integration_type",
    "client_id",
    "client_secret",
    "client_secret_version",
    "is_rootfi_identity",
    "is_disabled",
    "adopt",
    "rootfi_id",
    "rootfi_created_at",
    "rootfi_updated_at",
    "metadata",
    "unfinished",
    "differs_in",
}
PUBLIC = {
    "Environment",
    "EnvironmentIntegrationArgs",
    "FromEnv",
    "FromEnvDict",
    "IntegrationSummary",
    "IntegrationType",
    "RootFiIntegration",
    "RootFiIntegrationArgs",
    "RootFiProvider",
}
SETTING_KEYS = {
    "rootfi:apiKey",
    "rootfi:baseUrl",
    "rootfi:timeoutSeconds",
    "rootfi:concurrency",
    "rootfi:integrations",
}
VARIABLES = {"ROOTFI_API_KEY", "ROOTFI_BASE_URL"}
MEMBERS = {
    "integration_type",
    "client_id",
    "client_secret",
    "is_rootfi_identity",
    "is_disabled",
    "adopt",
    "protect",
    "retain_on_delete",
}
COMMANDS = {
    "capture",
    "check",
    "deploy",
    "doctor",
    "drift",
    "emulator",
    "init",
    "pipeline",
    "preview",
    "report",
    "schema",
}
PHRASES = {
    phrases.NOT_CREATED: "not created",
    phrases.MAY_EXIST: "RootFi may or may not have created it",
    phrases.PROVIDER_FAILED: "the provider failed during the create",
    phrases.NOT_DISABLED: "created, but not disabled",
    phrases.DIFFERS: "adopted, but differs from your declaration",
}
DOCTOR = {"subject", "status", "message", "remedy", "command"}
REPORT = {"generated", "refreshed", "counts", "stacks", "shared"}
REPORT_STACK = {"stack", "known", "notes", "problems", "counts", "integrations"}
REPORT_INTEGRATION = {
    "state",
    "states",
    "integration_type",
    "client_id_tail",
    "rootfi_id",
    "secret_number",
    "age_days",
    "drifted",
}


def test_states_name_the_provider_by_its_permanent_path() -> None:
    assert (state.PROVIDER_MODULE, state.PROVIDER_CLASS) == (
        "rootfi_pulumi.provider",
        "RootFiIntegrationProvider",
    )
    provider = getattr(import_module("rootfi_pulumi.provider"), "RootFiIntegrationProvider")  # noqa: B009
    assert f"{state.PROVIDER_MODULE}.{state.PROVIDER_CLASS}" in PAGE
    # The opcode GLOBAL of a pickle: by this path an earlier state finds the class.
    assert pickle.loads(b"crootfi_pulumi.provider\nRootFiIntegrationProvider\n.") is provider


@pytest.mark.parametrize(("name", "promised"), [*IN_STATES.items(), *PHRASES.items()])
def test_name_is_the_one_that_the_page_promises(name: str, promised: str) -> None:
    assert name == promised
    assert f"`{promised}`" in PAGE


def test_integration_keeps_its_outputs() -> None:
    assert inspect.get_annotations(RootFiIntegration).keys() >= OUTPUTS


def test_package_keeps_its_public_names() -> None:
    assert set(rootfi_pulumi.__all__) >= PUBLIC


def test_settings_keep_their_names() -> None:
    assert {setting.key for setting in SETTINGS} >= SETTING_KEYS
    assert {setting.variable for setting in SETTINGS} >= VARIABLES
    assert [name for name in SETTING_KEYS | VARIABLES if f"`{name}`" not in PAGE] == []


def test_declaration_keeps_its_members() -> None:
    assert BY_NAME.keys() >= MEMBERS


def test_command_keeps_its_commands_and_exit_codes() -> None:
    printed = Command().in_pipe("--help").stdout
    assert set(re.findall(r"^  ([a-z]+)  ", printed, re.MULTILINE)) >= COMMANDS
    codes = " ".join(printed.split())
    assert "Exit codes: 0 success, nothing is wrong; 1 failure, or something is wrong; 2 usage error" in codes
    assert "130 interrupted" in codes


def test_report_keeps_its_states_and_json() -> None:
    assert [*State] == ["unfinished", "drifted", "missing", "undeclared", "disabled", "enabled"]
    report = json.loads(render_json(TWO))
    [stack, _] = report["stacks"]
    integration = stack["integrations"]["xero"]
    assert (report.keys() >= REPORT, stack.keys() >= REPORT_STACK) == (True, True)
    assert integration.keys() >= REPORT_INTEGRATION


def test_doctor_keeps_its_results_and_json() -> None:
    assert [*Status] == ["ok", "note", "problem", "not checked"]
    assert {field.name for field in fields(Finding)} >= DOCTOR


@pytest.mark.parametrize(
    ("command", "shape"),
    [
        ("capture", "{file, written, integrations, variables}"),
        ("check", "{file, line, message}"),
        ("doctor", "{subject, status, message, remedy, command}"),
        ("emulator", '{"url", "api_keys", "integrations", "pid"}'),
    ],
)
def test_help_names_the_members_of_the_json(command: str, shape: str) -> None:
    assert shape in " ".join(Command().in_pipe(command, "--help").stdout.split())
