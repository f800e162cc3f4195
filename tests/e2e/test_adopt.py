"""`adopt` takes an existing integration under management: one GET, no write."""

from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.provider.phrases import CANNOT_ADOPT, DIFFERS
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project
from tests.support.runs.reported import report_of, states


def existing(emulator: Emulator, api_key: str, project: Project, **members: object) -> int:
    own: dict[str, Any] = {
        "integration_type": "XERO",
        "client_id": "xero-app",
        "client_secret": project.environ["XERO_CLIENT_SECRET"],
    }
    made = emulator.add_integration(api_key, **(own | members))
    return made.rootfi_id


def takes_over(rootfi_id: int) -> str:
    return f"xero: takes over {rootfi_id}, creates nothing"


@pytest.mark.measured
def test_adopting_is_one_get_and_then_nothing_to_do(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    rootfi_id = existing(emulator, api_key, project)
    project.declare({"xero": XERO | {"adopt": rootfi_id}, "quickbooks": QUICKBOOKS})
    shown = project.preview().output
    assert [line.strip() for line in shown.splitlines() if "takes over" in line] == [takes_over(rootfi_id)]
    project.declare({"xero": XERO | {"adopt": rootfi_id}})
    output = project.up().output
    assert f"    xero: adopted {rootfi_id}; it matches the declaration\n" in output
    assert "takes over" not in output
    assert emulator.calls == [f"GET /integrations/{rootfi_id}"]
    assert project.resources()["xero"]["id"] == str(rootfi_id)
    assert "takes over" not in project.preview("--refresh", "--expect-no-changes").output


@pytest.mark.measured
def test_adoption_that_differs_fails_and_the_next_up_applies_it(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    rootfi_id = existing(emulator, api_key, project, client_id="by-hand", is_disabled=True)
    project.declare({"xero": XERO | {"adopt": rootfi_id}, "quickbooks": QUICKBOOKS})
    output = project.up(code=None).output
    line = f"error: xero: {DIFFERS} in client_id, is_disabled (rootfi_id {rootfi_id})"
    assert f"    {line}\n      Apply the declaration:  pulumi up\n" in output
    assert "Traceback" not in output
    assert sorted(emulator.calls) == [f"GET /integrations/{rootfi_id}", "POST /integrations"]
    preview = project.preview().output
    assert f"xero: an update of {rootfi_id} applies client_id, is_disabled\n" in preview
    assert "1 to update" in preview
    project.up()
    assert emulator.calls[2:] == [f"PUT /integrations/{rootfi_id}"]
    assert emulator.integration(rootfi_id).client_id == "xero-app"
    project.preview("--refresh", "--expect-no-changes")


@pytest.mark.case
def test_adoption_that_differs_ends_with_the_live_values_declared(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    rootfi_id = existing(emulator, api_key, project, client_id="by-hand")
    project.declare({"xero": XERO | {"adopt": rootfi_id}})
    project.up(code=None)
    project.declare({"xero": XERO | {"adopt": rootfi_id, "client_id": "by-hand"}})
    project.up()
    assert emulator.calls == [f"GET /integrations/{rootfi_id}"]
    assert "differs_in" not in project.resources()["xero"]["outputs"]


@pytest.mark.case
def test_report_names_an_adoption_that_differs(project: Project, emulator: Emulator, api_key: str) -> None:
    rootfi_id = existing(emulator, api_key, project, client_id="by-hand")
    project.declare({"xero": XERO | {"adopt": rootfi_id}})
    project.up(code=None)
    found = report_of(project)["dev"]["integrations"]["xero"]
    assert (found["states"], found["drifted"]) == (["drifted"], ["client_id"])
    project.up()
    assert states(report_of(project)["dev"]) == {"xero": ["enabled"]}


@pytest.mark.case
def test_adoption_whose_secret_is_masked_is_green(project: Project, emulator: Emulator, api_key: str) -> None:
    emulator.secrets = "masked"
    rootfi_id = existing(emulator, api_key, project)
    project.declare({"xero": XERO | {"adopt": rootfi_id}})
    assert f"xero: adopted {rootfi_id}; RootFi does not show its client_secret" in project.up().output


IGNORING = """
import pulumi
from rootfi_pulumi import FromEnv, RootFiIntegration

RootFiIntegration(
    "xero",
    integration_type="XERO",
    client_id="xero-app",
    client_secret=FromEnv("XERO_CLIENT_SECRET"),
    adopt={adopt},
    opts=pulumi.ResourceOptions(ignore_changes={ignored}),
)
"""


@pytest.mark.parametrize(
    "ignored", [["client_id"], pytest.param(["*"], marks=pytest.mark.case)], ids=["one", "all"]
)
def test_adoption_that_differs_in_what_is_ignored_is_green(
    ignored: list[str], project: Project, emulator: Emulator, api_key: str
) -> None:
    rootfi_id = existing(emulator, api_key, project, client_id="by-hand")
    project.write(IGNORING.format(adopt=rootfi_id, ignored=ignored))
    project.up()
    project.up("--expect-no-changes")
    assert emulator.calls == [f"GET /integrations/{rootfi_id}"]
    # Without a stack file's declaration, a report exits with 1.
    assert states(report_of(project, code=1)["dev"]) == {"xero": ["enabled"]}


def test_a_destroyed_integration_returns_enabled_by_the_named_adopt(
    deployed: Project, emulator: Emulator
) -> None:
    assert "set `adopt: 1234` to bring it back" in deployed.destroy().output
    deployed.declare({"xero": XERO | {"adopt": 1234}})
    assert f"{DIFFERS} in is_disabled (rootfi_id 1234)" in deployed.up(code=None).output
    assert emulator.integration(1234).is_disabled
    deployed.up()
    assert not emulator.integration(1234).is_disabled
    deployed.preview("--refresh", "--expect-no-changes")


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
    assert f"{CANNOT_ADOPT} 99: GET /integrations/99: 404" in project.up(code=None).output
    assert emulator.calls == ["GET /integrations/99"]
    assert project.resources() == {}


@pytest.mark.case
def test_another_organisations_id_is_an_error(project: Project, emulator: Emulator) -> None:
    rootfi_id = existing(emulator, emulator.add_organisation(), project)
    project.declare({"xero": XERO | {"adopt": rootfi_id}})
    assert (
        f"error: xero: not created: {CANNOT_ADOPT} {rootfi_id}: GET /integrations/{rootfi_id}: 404"
        in project.up(code=None).output
    )
    assert emulator.calls == [f"GET /integrations/{rootfi_id}"]


def test_another_type_is_an_error(project: Project, emulator: Emulator, api_key: str) -> None:
    rootfi_id = existing(emulator, api_key, project, integration_type="WAVE")
    project.declare({"xero": XERO | {"adopt": rootfi_id}})
    assert f"{CANNOT_ADOPT} {rootfi_id}: it is of type WAVE, not XERO\n" in project.up(code=None).output
    assert emulator.calls == [f"GET /integrations/{rootfi_id}"]
    assert project.resources() == {}


@pytest.mark.parametrize(
    ("changed", "by"),
    [
        ({"adopt": 1235}, "1235"),
        pytest.param({"integration_type": "WAVE"}, "a new integration", marks=pytest.mark.case),
    ],
)
def test_a_replacement_says_what_it_will_disable(
    changed: dict[str, object], by: str, deployed: Project, emulator: Emulator, api_key: str
) -> None:
    deployed.declare({"xero": XERO | changed})
    shown = deployed.preview().output
    line = f"xero: replaces 1234 by {by} and then disables 1234, unless"
    assert sum(each.strip().startswith(line) for each in shown.splitlines()) == 1, shown
    assert (takes_over(1235) in shown) is ("adopt" in changed)
