"""A create whose outcome is unknown, or half of which failed, stays in the state until it is resolved."""

from collections.abc import Callable
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.prepared import lose_answer_to_create
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
    assert "integration xero is unfinished" in project.up(code=None).output
    assert [made.integration_type for made in emulator.integrations(api_key)] == ["QUICKBOOKS"]
    assert project.resources()["xero"]["id"].startswith("unresolved-")
    assert project.resources()["quickbooks"]["id"] == "1234"


def test_the_message_says_what_to_look_for_and_gives_the_commands(unfinished: Project) -> None:
    output = unfinished.up(code=None).output
    for said in (
        "integration xero is unfinished since 2",
        "POST /integrations: the connection ended before the answer",
        "a XERO integration with client id xero-app",
        "`adopt: <its rootfi_id>`",
        f"`pulumi up --replace '{urn(unfinished)}'`",
    ):
        assert said in output
    assert "Traceback" not in output


@pytest.mark.measured
def test_every_later_up_fails_and_says_it_again_without_a_request(
    unfinished: Project, emulator: Emulator
) -> None:
    assert "integration xero is unfinished" in unfinished.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_preview_and_refresh_say_it_again_without_a_request(unfinished: Project, emulator: Emulator) -> None:
    assert "integration xero is unfinished" in unfinished.preview().output
    assert "is unfinished since 2" in unfinished.refresh().output
    assert emulator.calls == []


@pytest.mark.case
def test_a_change_of_the_declaration_does_not_make_it_forgotten(
    unfinished: Project, emulator: Emulator
) -> None:
    unfinished.declare({"xero": XERO | {"integration_type": "WAVE", "client_id": "another"}})
    assert "integration xero is unfinished" in unfinished.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_other_changes_land_while_it_is_unfinished(
    unfinished: Project, emulator: Emulator, api_key: str
) -> None:
    unfinished.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    assert "integration xero is unfinished" in unfinished.pulumi("up", "--yes", code=None).output
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


def test_a_replacement_of_unknown_outcome_leaves_the_old_one_enabled_and_tracked(
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


def test_a_disable_that_failed_after_the_post_is_finished_by_the_next_up(
    project: Project, emulator: Emulator
) -> None:
    emulator.inject(Fault(operation="update", status=500))
    project.declare({"xero": XERO | {"is_disabled": True}})
    assert "created, as 1234, and not disabled" in project.up(code=None).output
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
def test_a_create_that_was_turned_away_is_simply_created_by_the_next_up(
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


def test_sixteen_slow_others_land_though_the_first_is_unfinished_at_once(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    project.write(ALL_TYPES)
    emulator.inject(Fault(operation="create", integration_type="ZOHO_BOOKS", hang_up="before"))
    emulator.inject(Fault(operation="create", delay=0.2, times=None))
    output = project.up(code=None).output
    assert "integration zoho_books is unfinished" in output
    assert "Cancelling" not in output
    assert len(emulator.integrations(api_key)) == 16
    assert len([each for each in project.resources().values() if each["id"].isdigit()]) == 16


@pytest.mark.case
def test_every_failure_of_many_is_told_in_its_own_words(project: Project, emulator: Emulator) -> None:
    project.write(ALL_TYPES)
    output = project.up(code=None, ROOTFI_API_KEY="of-nobody").output
    assert "401" in output
    assert "hooks execution failed" not in output
    assert "Traceback" not in output
