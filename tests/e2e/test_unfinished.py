"""A create whose outcome is unknown, or half of which failed, stays in the state until it is resolved."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.program.steps import OTHERWISE
from rootfi_pulumi.provider.phrases import MAY_EXIST, NOT_DISABLED
from tests.support.prepared_projects import lose_answer_to_create
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project


@pytest.fixture
def unfinished(prepared: Callable[..., Project]) -> Project:
    """The project after an up whose POST landed, as 1234, and whose answer was lost."""
    return prepared(lose_answer_to_create)


def urn(project: Project) -> str:
    return str(project.resources()["xero"]["urn"])


def test_the_run_fails_and_the_others_land(project: Project, emulator: Emulator, api_key: str) -> None:
    emulator.inject(Fault(operation="create", integration_type="XERO", hang_up="before"))
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    assert f"xero: {MAY_EXIST} (2" in project.up(code=None).output
    assert [made.integration_type for made in emulator.integrations(api_key)] == ["QUICKBOOKS"]
    assert project.resources()["xero"]["id"].startswith("unresolved-")
    assert project.resources()["quickbooks"]["id"] == "1234"


def test_message_is_what_why_and_numbered_steps(unfinished: Project) -> None:
    output = unfinished.up(code=None).output
    [when] = set(
        re.findall(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ): the connection ended before the answer", output)
    )
    message = f"""
  pulumi-python:dynamic/rootfi:RootFiIntegration (xero):
    error: xero: {MAY_EXIST} ({when}: the connection ended before the answer)
      1. Look in RootFi for a XERO integration with client id xero-app.
      2. If it is there, add `adopt: <its rootfi_id>` and run:  pulumi up
      3. If it is not:  pulumi up --replace '{urn(unfinished)}'
"""
    assert message in output.replace(" (ConnectionError)", "")
    assert "error: xero is unfinished: its own error says what to do" in output
    assert "Traceback" not in output


@pytest.mark.case
def test_preview_shows_the_first_line_and_names_doctor(unfinished: Project) -> None:
    output = unfinished.preview().output
    [line] = [line for line in output.splitlines() if MAY_EXIST in line]
    assert line.startswith("warning: xero: ")
    assert line.endswith("); `rootfi-pulumi doctor` lists the steps")
    assert OTHERWISE not in output


OLD_SENTENCE = (
    "since 2026-11-28 12:46:30Z: POST /integrations: no answer within 60 s: look in RootFi for a XERO integration with "
    "client id xero-app made about then; if it is there, declare `adopt: <its rootfi_id>` and run `pulumi up`, else "
    "run `pulumi up --replace '<urn>'` to create it once more"
)


@pytest.mark.case
def test_state_with_the_old_sentence_is_shown_in_steps(unfinished: Project) -> None:
    exported = json.loads(unfinished.pulumi("stack", "export").output)
    [resource] = [each for each in exported["deployment"]["resources"] if each["urn"] == urn(unfinished)]
    resource["outputs"]["unfinished"] = OLD_SENTENCE
    unfinished.pulumi("stack", "import", stdin=json.dumps(exported))
    output = unfinished.up(code=None).output
    first = f"error: xero: {MAY_EXIST} (2026-11-28 12:46:30Z: POST /integrations: no answer within 60 s)\n"
    assert f"{first}      1. Look in RootFi for a XERO integration with client id xero-app.\n" in output
    assert f"{OTHERWISE}pulumi up --replace '{urn(unfinished)}'\n" in output


@pytest.mark.case
def test_secret_client_id_is_not_shown_in_the_steps(project: Project, emulator: Emulator) -> None:
    project.write(SECRET_CLIENT_ID)
    project.secrets.append("a-secret-client-id")
    emulator.inject(Fault(operation="create", hang_up="after"))
    assert "integration with client id (not shown)." in project.up(code=None).output


@pytest.mark.measured
def test_every_later_up_fails_and_says_it_again_without_a_request(
    unfinished: Project, emulator: Emulator
) -> None:
    assert f"xero: {MAY_EXIST} (2" in unfinished.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_preview_and_refresh_say_it_again_without_a_request(unfinished: Project, emulator: Emulator) -> None:
    assert f"xero: {MAY_EXIST} (2" in unfinished.preview().output
    assert f"    xero: {MAY_EXIST} (2" in unfinished.refresh().output
    assert emulator.calls == []


@pytest.mark.case
def test_a_change_of_the_declaration_does_not_make_it_forgotten(
    unfinished: Project, emulator: Emulator
) -> None:
    unfinished.declare({"xero": XERO | {"integration_type": "WAVE", "client_id": "another"}})
    assert f"xero: {MAY_EXIST} (2" in unfinished.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_other_changes_land_while_it_is_unfinished(
    unfinished: Project, emulator: Emulator, api_key: str
) -> None:
    unfinished.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    assert f"xero: {MAY_EXIST} (2" in unfinished.pulumi("up", "--yes", code=None).output
    assert emulator.calls == ["POST /integrations"]


@pytest.mark.measured
def test_adopt_resolves_it_without_a_post(unfinished: Project, emulator: Emulator) -> None:
    unfinished.declare({"xero": XERO | {"adopt": 1234}})
    unfinished.pulumi("up", "--yes")
    assert emulator.calls == ["GET /integrations/1234"]
    unfinished.preview("--refresh", "--expect-no-changes")
    unfinished.declare({"xero": XERO})
    unfinished.preview("--refresh", "--expect-no-changes")


def test_replace_posts_once_more_on_purpose(unfinished: Project, emulator: Emulator) -> None:
    unfinished.pulumi("up", "--yes", "--replace", urn(unfinished))
    assert emulator.calls == ["POST /integrations"]
    assert unfinished.resources()["xero"]["id"] == "1235"
    unfinished.preview("--refresh", "--expect-no-changes")


@pytest.mark.case
def test_taking_it_out_of_the_program_asks_nothing(unfinished: Project, emulator: Emulator) -> None:
    unfinished.declare({})
    unfinished.up()
    assert emulator.calls == []
    assert unfinished.resources() == {}


def test_destroy_asks_nothing(unfinished: Project, emulator: Emulator) -> None:
    unfinished.destroy()
    assert emulator.calls == []


def test_a_replacement_of_unknown_outcome_keeps_the_old_one_enabled(
    deployed: Project, emulator: Emulator
) -> None:
    emulator.inject(Fault(operation="create", hang_up="after"))
    deployed.declare({"xero": XERO | {"integration_type": "WAVE"}})
    deployed.up(code=None)
    assert not emulator.integration(1234).is_disabled
    assert tracked(deployed) >= {"1234"}
    deployed.declare({"xero": XERO | {"integration_type": "WAVE", "adopt": 1235}})
    deployed.up()
    assert emulator.integration(1234).is_disabled
    assert tracked(deployed) == {"1235"}


def tracked(project: Project) -> set[str]:
    return {resource["id"] for resource in project.all_integrations()}


@pytest.mark.case
def test_a_failure_between_the_new_one_and_the_old_leaves_both_tracked(
    deployed: Project, emulator: Emulator
) -> None:
    emulator.inject(Fault(operation="update", integration_id=1234, status=500))
    deployed.declare({"xero": XERO | {"integration_type": "WAVE"}})
    deployed.up(code=None)
    assert tracked(deployed) == {"1234", "1235"}
    deployed.up()
    assert emulator.integration(1234).is_disabled
    assert tracked(deployed) == {"1235"}


def test_a_disable_that_failed_after_the_post_is_done_by_the_next_up(
    project: Project, emulator: Emulator
) -> None:
    emulator.inject(Fault(operation="update", status=500))
    project.declare({"xero": XERO | {"is_disabled": True}})
    assert f"xero: {NOT_DISABLED} (PUT /integrations/1234: 500" in project.up(code=None).output
    project.pulumi("up", "--yes")
    assert emulator.calls == ["POST /integrations", "PUT /integrations/1234", "PUT /integrations/1234"]
    assert emulator.integration(1234).is_disabled
    project.up("--expect-no-changes")


@pytest.mark.case
def test_an_update_whose_answer_was_lost_converges_with_the_next_up(
    deployed: Project, emulator: Emulator
) -> None:
    emulator.inject(Fault(operation="update", hang_up="after", times=None))
    deployed.declare({"xero": XERO | {"client_id": "another"}}, timeoutSeconds=1)
    assert "PUT /integrations/1234: the connection ended" in deployed.up(code=None).output
    emulator.clear_faults()
    deployed.declare(timeoutSeconds=60)
    deployed.up()
    deployed.preview("--refresh", "--expect-no-changes")
    assert emulator.integration(1234).client_id == "another"


@pytest.mark.case
@pytest.mark.parametrize("status", [429, 503])
def test_a_rejected_create_is_repeated_by_the_next_up(
    project: Project, emulator: Emulator, status: Any
) -> None:
    emulator.inject(Fault(operation="create", status=status, times=None))
    project.declare({"xero": XERO}, timeoutSeconds=1)
    project.up(code=None)
    assert project.resources() == {}
    emulator.clear_faults()
    project.declare(timeoutSeconds=60)
    project.up()
    assert project.resources()["xero"]["id"] == "1234"


SECRET_CLIENT_ID = """
import pulumi
from rootfi_pulumi import FromEnv, RootFiIntegration

RootFiIntegration(
    "xero",
    integration_type="XERO",
    client_id=pulumi.Output.secret("a-secret-client-id"),
    client_secret=FromEnv("XERO_CLIENT_SECRET"),
)
"""
ALL_TYPES = """
from rootfi_pulumi import FromEnv, IntegrationType, RootFiIntegration

for integration_type in IntegrationType:
    RootFiIntegration(
        integration_type.lower(),
        integration_type=integration_type,
        client_id=integration_type,
        client_secret=FromEnv("XERO_CLIENT_SECRET"),
    )
"""


def test_sixteen_slow_creates_land_although_the_first_is_unfinished(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    project.write(ALL_TYPES)
    emulator.inject(Fault(operation="create", integration_type="ZOHO_BOOKS", hang_up="before"))
    emulator.inject(Fault(operation="create", delay=0.2, times=None))
    output = project.up(code=None).output
    assert f"zoho_books: {MAY_EXIST} (2" in output
    assert "Cancelling" not in output
    assert len(emulator.integrations(api_key)) == 16
    assert len([each for each in project.resources().values() if each["id"].isdigit()]) == 16


@pytest.mark.case
def test_every_failure_of_many_is_reported_in_its_own_words(project: Project, emulator: Emulator) -> None:
    project.write(ALL_TYPES)
    output = project.up(code=None, ROOTFI_API_KEY="of-nobody").output
    assert "401" in output
    assert "hooks execution failed" not in output
    assert "Traceback" not in output
