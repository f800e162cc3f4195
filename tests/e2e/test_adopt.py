"""`adopt` takes an existing integration under management: one GET, no write."""

import pytest
from pulumi_project import XERO, Project

from rootfi_pulumi.emulator import Emulator


def existing(emulator: Emulator, api_key: str, project: Project, **members: object) -> int:
    own = {"client_id": "xero-app", "client_secret": project.environ["XERO_CLIENT_SECRET"]}
    made = emulator.add_integration(api_key, **({"integration_type": "XERO"} | own | members))
    return made.rootfi_id


@pytest.mark.measured
def test_adopting_is_one_get_and_then_nothing_to_do(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    rootfi_id = existing(emulator, api_key, project)
    project.declare({"xero": XERO | {"adopt": rootfi_id}})
    project.up()
    assert emulator.calls == [f"GET /integrations/{rootfi_id}"]
    assert project.resources()["xero"]["id"] == str(rootfi_id)
    project.preview("--refresh", "--expect-no-changes")


def test_what_differs_is_said_and_changed_by_the_next_up(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    rootfi_id = existing(emulator, api_key, project, client_id="by-hand")
    project.declare({"xero": XERO | {"adopt": rootfi_id}})
    assert f"{rootfi_id} adopted, may differ in client_id" in project.up().output
    assert "1 to update" in project.preview().output
    project.up()
    assert emulator.calls == [f"GET /integrations/{rootfi_id}", f"PUT /integrations/{rootfi_id}"]
    assert emulator.integration(rootfi_id).client_id == "xero-app"


@pytest.mark.case
def test_taking_adopt_out_of_the_declaration_changes_nothing(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    project.declare({"xero": XERO | {"adopt": existing(emulator, api_key, project)}})
    project.up()
    project.declare({"xero": XERO})
    project.up("--expect-no-changes")


def test_an_id_that_does_not_exist_is_an_error(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO | {"adopt": 99}})
    assert "adopt: GET /integrations/99: 404" in project.up(code=None).output
    assert emulator.calls == ["GET /integrations/99"]
    assert project.resources() == {}


@pytest.mark.case
def test_another_organisations_id_is_an_error(project: Project, emulator: Emulator) -> None:
    rootfi_id = existing(emulator, emulator.add_organisation(), project)
    project.declare({"xero": XERO | {"adopt": rootfi_id}})
    assert f"adopt: GET /integrations/{rootfi_id}: 404" in project.up(code=None).output
    assert emulator.calls == [f"GET /integrations/{rootfi_id}"]


def test_another_type_is_an_error(project: Project, emulator: Emulator, api_key: str) -> None:
    rootfi_id = existing(emulator, api_key, project, integration_type="WAVE")
    project.declare({"xero": XERO | {"adopt": rootfi_id}})
    assert f"integration {rootfi_id} is of type WAVE, not XERO" in project.up(code=None).output
    assert emulator.calls == [f"GET /integrations/{rootfi_id}"]
    assert project.resources() == {}


@pytest.mark.parametrize(
    ("changed", "by"),
    [
        ({"adopt": 1235}, "integration 1235"),
        pytest.param({"integration_type": "WAVE"}, "another integration", marks=pytest.mark.case),
    ],
)
def test_a_replacement_says_what_it_will_disable(
    changed: dict[str, object], by: str, deployed: Project, emulator: Emulator, api_key: str
) -> None:
    deployed.declare({"xero": XERO | changed})
    shown = deployed.preview().output
    line = f"rootfi: XERO integration 1234 is to be replaced by {by}, and then disabled, unless"
    assert sum(each.strip().startswith(line) for each in shown.splitlines()) == 1, shown
