"""A state that an earlier version of this package left is still managed: users' stacks outlive every version.

Each folder of `tests/states` holds the output of `pulumi stack export` without the paths of the machine that made it,
and the stack's file, whose `encryptionsalt` belongs to the passphrase of `pulumi_project.environment`. Every value
in it is made up. `flat-modules` was exported when each module of the package was at its root.
"""

import json
import shutil
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.state import INTEGRATION, JOURNAL
from tests.support.pulumi_project import REPOSITORY, Project
from tests.support.runs.kills import journal

STATES = REPOSITORY / "tests" / "states"
LIVE = {
    "sage": (1234, "SAGE_CLOUD_ACCOUNTING"),
    "zoho": (1235, "ZOHO_BOOKS"),
    "quickbooks": (1236, "QUICKBOOKS"),
    "xero": (1237, "XERO"),
}
NETSUITE = {
    "integration_type": "NETSUITE",
    "client_id": "netsuite-app",
    "client_secret": {"from_env": "NETSUITE_CLIENT_SECRET"},
}


@pytest.fixture(params=sorted(each.name for each in STATES.iterdir()))
def earlier(
    request: pytest.FixtureRequest, environ: dict[str, str], tmp_path: Path, emulator: Emulator, api_key: str
) -> Project:
    """A new project into whose stack the state was imported, and a RootFi that has its integrations."""
    secrets = {name: f"made-up-{name}-secret" for name in (*LIVE, "netsuite")}
    own = {"ROOTFI_API_KEY": api_key, "ROOTFI_BASE_URL": emulator.url}
    own |= {f"{name.upper()}_CLIENT_SECRET": secret for name, secret in secrets.items()}
    project = Project(tmp_path / "project", environ | own, [api_key, *secrets.values()])
    (project.folder / "stacks").mkdir(parents=True)
    project.write()
    shutil.copy(STATES / request.param / "Pulumi.dev.yaml", project.folder / "stacks")
    project.new_stack()
    project.pulumi("stack", "import", "--file", str(STATES / request.param / "state.json"))
    for name, (rootfi_id, type_) in LIVE.items():
        emulator.add_integration(
            api_key,
            integration_type=type_,
            client_id=f"{name}-app",
            client_secret=secrets[name],
            is_disabled=name == "zoho",
            rootfi_id=rootfi_id,
        )
    return project


def test_earlier_state_needs_no_change(earlier: Project, emulator: Emulator) -> None:
    earlier.preview("--expect-no-changes")
    assert emulator.calls == []
    earlier.preview("--refresh", "--run-program", "--expect-no-changes")
    assert len(emulator.calls) == len(LIVE)
    earlier.up("--refresh", "--expect-no-changes")
    assert {each["id"] for each in earlier.all_integrations()} == {str(id_) for id_, _ in LIVE.values()}


@pytest.mark.case
def test_state_of_a_later_version_needs_no_change(
    earlier: Project, emulator: Emulator, tmp_path: Path
) -> None:
    """Someone who goes back to this version has one, with inputs and outputs that it does not know."""
    state = json.loads(earlier.pulumi("stack", "export").output)
    for resource in state["deployment"]["resources"]:
        if resource["type"] in (INTEGRATION, JOURNAL):
            resource["outputs"]["from_a_later_version"] = "something"
        if resource["type"] == INTEGRATION:
            resource["inputs"]["from_a_later_version"] = "something"
    (tmp_path / "later.json").write_text(json.dumps(state))
    earlier.pulumi("stack", "import", "--file", str(tmp_path / "later.json"))
    earlier.preview("--expect-no-changes")
    earlier.preview("--refresh", "--run-program", "--expect-no-changes")
    earlier.up("--refresh", "--expect-no-changes")
    assert {call.partition(" ")[0] for call in emulator.calls} == {"GET"}


@pytest.mark.case
def test_earlier_state_keeps_its_marks(earlier: Project, emulator: Emulator) -> None:
    earlier.declare(earlier.declared() | {"netsuite": NETSUITE})
    for command in (earlier.preview, earlier.up):
        assert "netsuite: not created: an earlier run was interrupted" in command(code=None).output
    assert [urn.rpartition("::")[2] for urn in journal(earlier)] == ["netsuite"]
    assert emulator.calls == []


@pytest.mark.case
def test_earlier_state_is_updated_and_destroyed(earlier: Project, emulator: Emulator, api_key: str) -> None:
    declared = earlier.declared()
    declared["zoho"] |= {"is_disabled": False}
    declared["quickbooks"] |= {"client_id": "another"}
    earlier.declare(declared)
    earlier.up()
    assert not emulator.integration(1235).is_disabled
    assert emulator.integration(1236).client_id == "another"
    earlier.destroy()
    assert all(each.is_disabled for each in emulator.integrations(api_key))
    assert len(emulator.integrations(api_key)) == len(LIVE)
