"""Bad input ends in one clear line, before RootFi is asked for anything."""

import json

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.provider.phrases import PROVIDER_FAILED
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project


def test_config_mistakes_are_all_reported_before_any_registration(
    project: Project, emulator: Emulator
) -> None:
    project.secrets.append("pasted secret")
    project.declare(
        {
            "xero": {"integration_type": "XER0", "client_id": 12, "client_secret": " pasted secret"},
            "wave": {"integration_type": "WAVE", "client_id": "wave", "client_secert": "pasted secret"},
        }
    )
    output = project.up(code=None).output
    for line in (
        'integrations.xero.integration_type: "XER0" is not an integration type: did you mean XERO?',
        "integrations.xero.client_id: must be text: put a number in quotes",
        "integrations.xero.client_secret: starts or ends with white space",
        "integrations.wave.client_secret: is missing",
        "integrations.wave.client_secert: is not a member of an integration: did you mean client_secret?",
    ):
        assert line in output
    assert "Traceback" not in output
    assert "Environment" not in output
    assert emulator.calls == []


@pytest.mark.case
@pytest.mark.parametrize("declared", [["xero"], "xero"])
def test_a_declaration_that_is_no_mapping_is_refused(
    project: Project, emulator: Emulator, declared: object
) -> None:
    project.declare(declared)
    assert "integrations: must be a mapping of names to integrations" in project.up(code=None).output
    assert emulator.calls == []


def test_a_misspelt_setting_is_refused(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO}, baseURL="https://api.rootfi.dev")
    output = project.up(code=None).output
    assert "rootfi:baseURL: is not a setting: did you mean rootfi:baseUrl?" in output
    assert "Environment" not in output
    assert emulator.calls == []


@pytest.mark.measured
def test_every_missing_variable_is_reported_in_one_run(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    output = project.up(code=None, XERO_CLIENT_SECRET="", QUICKBOOKS_CLIENT_SECRET="").output
    assert "integrations.xero.client_secret: environment variable XERO_CLIENT_SECRET is empty" in output
    assert "integrations.quickbooks.client_secret: environment variable QUICKBOOKS_" in output
    assert emulator.calls == []


BAD_SECRET = """
from rootfi_pulumi import RootFiIntegration

RootFiIntegration("xero", integration_type="XERO", client_id="x", client_secret=" a bad secret ")
"""


@pytest.mark.case
def test_a_library_programs_bad_secret_is_refused_without_being_shown(
    project: Project, emulator: Emulator
) -> None:
    project.secrets.append("a bad secret")
    project.write(BAD_SECRET)
    assert "client_secret: starts or ends with white space" in project.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_two_integrations_of_one_type_are_refused(project: Project, emulator: Emulator) -> None:
    project.declare({"a": XERO, "b": XERO})
    assert "integrations.b.integration_type: a has the same" in project.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_a_stack_without_a_declaration_is_refused(project: Project, emulator: Emulator) -> None:
    told = "rootfi:integrations: is not set: it must be a mapping of names to integrations, or {} for none"
    assert told in project.up(code=None).output
    assert emulator.calls == []


def test_a_refused_key_is_one_line_that_says_what_to_do(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    output = project.up(code=None, ROOTFI_API_KEY="not-a-key-of-anyone").output
    assert "    error: xero: not created: POST /integrations: 401" in output
    assert "check the API key (ROOTFI_API_KEY)" in output
    assert "rootfi:apiKey" not in output
    assert "Traceback" not in output
    assert emulator.calls == ["POST /integrations"]
    assert project.resources() == {}


def test_no_error_line_begins_with_a_class_path(deployed: Project, emulator: Emulator) -> None:
    unknown = {"ROOTFI_API_KEY": "not-a-key-of-anyone"}
    deployed.declare({"xero": XERO | {"client_id": "another"}, "quickbooks": QUICKBOOKS})
    lines = error_lines(deployed.up("--continue-on-error", code=None, **unknown).output)
    assert any(line.startswith("error: xero: update failed: PUT /integrations/1234: 401") for line in lines)
    assert any(line.startswith("error: quickbooks: not created: POST /integrations: 401") for line in lines)
    lines += error_lines(deployed.refresh(code=None, **unknown).output)
    assert any(line.startswith("error: xero: read failed: GET /integrations/1234: 401") for line in lines)
    lines += error_lines(deployed.destroy(code=None, **unknown).output)
    assert any(line.startswith("error: xero: delete failed: PUT /integrations/1234: 401") for line in lines)
    assert [line for line in lines if "rootfi_pulumi." in line] == []


def error_lines(output: str) -> list[str]:
    return [line[line.index("error: ") :] for line in output.splitlines() if "error: " in line]


def test_certain_failure_is_no_trace_of_a_create(project: Project, emulator: Emulator) -> None:
    # What RootFi says must not pass for the provider's own words, or hide them.
    project.declare({"xero": XERO})
    refused = {"error": {"message": "xero: create failed\nxero: a bug in rootfi-pulumi"}}
    emulator.inject(Fault(operation="create", status=400, body=json.dumps(refused)))
    assert PROVIDER_FAILED not in project.up(code=None).output
    project.up()
    assert emulator.calls == ["POST /integrations", "POST /integrations"]


def test_create_at_a_wrong_path_blames_the_address(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO}, baseUrl=f"{emulator.url}/v2/core")
    output = project.up(code=None).output
    assert "POST /integrations: 404" in output
    assert "the address or its path is wrong: correct rootfi:baseUrl; after changing the address" in output
    assert "check the id" not in output
    assert project.resources() == {}


@pytest.mark.measured
def test_no_key_names_both_ways_to_give_one(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    output = project.up(code=None, ROOTFI_API_KEY="").output
    assert "pulumi config set --secret rootfi:apiKey" in output
    assert "ROOTFI_API_KEY" in output
    assert "Environment" not in output
    assert emulator.calls == []


def test_http_to_another_host_is_refused(project: Project) -> None:
    project.declare({"xero": XERO}, baseUrl="http://api.rootfi.dev")
    output = project.up(code=None).output
    assert "rootfi:baseUrl: must start with https://" in output
    assert "Environment" not in output


@pytest.mark.case
@pytest.mark.parametrize("value", ["", " white space "])
def test_an_unusable_variable_is_named_before_anything_is_sent(
    project: Project, emulator: Emulator, value: str
) -> None:
    project.declare({"xero": XERO})
    output = project.up(code=None, XERO_CLIENT_SECRET=value).output
    assert "client_secret" in output
    assert "XERO_CLIENT_SECRET" in output
    assert emulator.calls == []


def test_a_request_that_rootfi_refuses_shows_its_reason_and_id(project: Project, emulator: Emulator) -> None:
    emulator.second_post = "conflict"
    emulator.add_integration(
        project.environ["ROOTFI_API_KEY"], integration_type="XERO", client_id="x", client_secret="y"
    )
    project.declare({"xero": XERO})
    output = project.up(code=None).output
    assert "POST /integrations: 409" in output
    assert "adopt: <its rootfi_id>" in output
