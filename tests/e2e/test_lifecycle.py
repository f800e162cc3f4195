"""What `pulumi up` and `destroy` do to RootFi, request by request."""

import re
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project


def body(emulator: Emulator, index: int = -1) -> Any:
    return emulator.requests[index].body


def test_first_up_posts_each_integration_once(project: Project, emulator: Emulator, api_key: str) -> None:
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    output = project.up().output
    assert emulator.calls == ["POST /integrations"] * 2
    for name, made in project.resources().items():
        assert f"    {name}: created as {made['id']}\n" in output
    made = {made.integration_type: made for made in emulator.integrations(api_key)}
    assert made["XERO"].client_secret == project.environ["XERO_CLIENT_SECRET"]
    assert made["QUICKBOOKS"].client_id == "quickbooks-app"


def test_stack_outputs_show_id_type_client_id_and_is_disabled(deployed: Project) -> None:
    expected = {"client_id": "xero-app", "integration_type": "XERO", "is_disabled": False, "rootfi_id": 1234}
    assert deployed.output() == {"xero": expected}


def test_the_integrations_of_an_environment_show_as_a_tree(deployed: Project) -> None:
    assert "::dev" in deployed.resources()["xero"]["parent"]
    assert "rootfi:index:Environment" in deployed.resources()["xero"]["parent"]


def test_up_with_nothing_to_do_sends_nothing(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    project.up()
    emulator.forget_requests()
    project.up("--expect-no-changes")
    assert emulator.calls == []


def test_preview_sends_nothing(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    project.preview()
    assert emulator.calls == []


def test_first_run_explains_the_row_of_the_journal(project: Project) -> None:
    line = "rootfi: keeps a journal of interrupted creates in the state, creates nothing in RootFi\n"
    project.declare({})
    assert f"\n{line}" in project.preview().output
    shown, _, diagnostics = project.up().output.partition("Diagnostics:")
    assert re.search(f"rootfi:index:CreateJournal rootfi creat.*{line}", shown)
    assert line not in diagnostics
    assert line not in project.preview().output


@pytest.mark.measured
def test_a_change_is_one_put_of_all_that_rootfi_wants(deployed: Project, emulator: Emulator) -> None:
    deployed.declare({"xero": XERO | {"client_id": "xero-app-2"}})
    assert '"xero-app" => "xero-app-2"' in deployed.preview().output
    deployed.up()
    assert emulator.calls == ["PUT /integrations/1234"]
    assert body(emulator) == {
        "client_id": "xero-app-2",
        "client_secret": deployed.environ["XERO_CLIENT_SECRET"],
        "is_disabled": False,
        "is_rootfi_identity": False,
    }


def test_another_type_creates_the_new_one_before_it_disables_the_old(
    deployed: Project, emulator: Emulator
) -> None:
    deployed.declare({"xero": XERO | {"integration_type": "WAVE"}})
    deployed.up()
    assert emulator.calls == ["POST /integrations", "PUT /integrations/1234"]
    assert emulator.integration(1234).is_disabled
    assert not emulator.integration(1235).is_disabled


def test_is_disabled_disables_and_enables_in_place(deployed: Project, emulator: Emulator) -> None:
    deployed.declare({"xero": XERO | {"is_disabled": True}})
    assert "    xero: disabled 1234\n" in deployed.up().output
    assert emulator.integration(1234).is_disabled
    deployed.declare({"xero": XERO})
    assert "    xero: enabled 1234\n" in deployed.up().output
    assert not emulator.integration(1234).is_disabled
    assert emulator.calls == ["PUT /integrations/1234"] * 2


def test_declared_as_disabled_is_posted_and_then_disabled(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO | {"is_disabled": True}})
    project.up()
    assert emulator.calls == ["POST /integrations", "PUT /integrations/1234"]
    assert emulator.integration(1234).is_disabled
    project.up("--expect-no-changes")


def test_destroy_disables_and_says_which_id_remains(deployed: Project, emulator: Emulator) -> None:
    assert (
        "xero: disabled 1234, since RootFi cannot delete; set `adopt: 1234` to bring it back\n"
        in deployed.destroy().output
    )
    assert emulator.calls == ["PUT /integrations/1234"]
    assert emulator.integration(1234).is_disabled
    assert deployed.resources() == {}


@pytest.mark.case
def test_taken_out_of_the_declaration_is_disabled(deployed: Project, emulator: Emulator) -> None:
    deployed.declare({})
    deployed.up()
    assert emulator.calls == ["PUT /integrations/1234"]
    assert emulator.integration(1234).is_disabled


@pytest.mark.case
def test_an_environment_with_no_integrations_has_an_empty_output(project: Project) -> None:
    project.declare({})
    project.up()
    assert project.output() == {}


def test_rootfis_own_identity_is_asked_for_at_creation_and_at_a_change(
    project: Project, emulator: Emulator
) -> None:
    own = XERO | {"is_rootfi_identity": True}
    project.declare({"xero": own})
    project.up()
    project.declare({"xero": own | {"client_id": "another"}})
    project.up()
    assert [sent.body["is_rootfi_identity"] for sent in emulator.requests] == [True, True]


def test_retain_on_delete_leaves_the_integration_as_it_is(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO | {"retain_on_delete": True}})
    project.up()
    project.destroy()
    assert emulator.calls == ["POST /integrations"]
    assert not emulator.integration(1234).is_disabled


def test_protect_refuses_to_destroy(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO | {"protect": True}})
    project.up()
    assert "protected" in project.destroy(code=None).output
    assert emulator.calls == ["POST /integrations"]
    assert not emulator.integration(1234).is_disabled


def test_destroy_of_what_is_already_gone_succeeds(deployed: Project, emulator: Emulator) -> None:
    emulator.remove(1234)
    assert "xero: 1234 no longer exists" in deployed.destroy().output
    assert emulator.calls == ["PUT /integrations/1234"]


@pytest.mark.case
def test_a_rotated_variable_is_a_change_and_lands_as_one_put(deployed: Project, emulator: Emulator) -> None:
    deployed.secrets.append("rotated-value-of-xero")
    assert "1 to update" in deployed.preview(XERO_CLIENT_SECRET="rotated-value-of-xero").output
    deployed.up(XERO_CLIENT_SECRET="rotated-value-of-xero")
    assert emulator.calls == ["PUT /integrations/1234"]
    assert emulator.integration(1234).client_secret == "rotated-value-of-xero"
