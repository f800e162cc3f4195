"""Two stacks with an integration in each state that there is, deployed by the real engine."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project, environment
from tests.support.runs.reported import BY_HAND, TRACKED, of_type


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(patience=PATIENCE) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def stacks(
    emulator: Emulator, pulumi_folder: str, pulumi_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """The stack `dev`, whose `xero` and `tracked` were changed at RootFi, and `prod`, never deployed."""
    folder, api_key = tmp_path_factory.mktemp("report"), emulator.add_organisation()
    environ = environment(folder, pulumi_folder, pulumi_home)
    project = Project.new(folder, environ, emulator.url, api_key)
    project.secrets += [TRACKED, BY_HAND]
    kept = {"xero": XERO, "tracked": of_type("WAVE"), "quickbooks": QUICKBOOKS | {"is_disabled": True}}
    project.declare(kept | {"gone": of_type("BUSY")})
    path = "rootfi:integrations.tracked.client_secret"
    project.pulumi("config", "set", "--secret", "--path", path, stdin=TRACKED)
    project.up()
    declared = project.declared()
    emulator.inject(Fault(operation="create", hang_up="after"))
    project.declare(declared | {"lost": of_type("QOYOD")})
    project.up(code=None)
    del declared["gone"]
    project.declare(declared | {"lost": of_type("QOYOD"), "new": of_type("NETSUITE")})
    at_rootfi = {each.integration_type: each.rootfi_id for each in emulator.integrations(api_key)}
    emulator.edit(at_rootfi["XERO"], client_secret=BY_HAND)
    emulator.remove(at_rootfi["WAVE"])
    production = replace(project, stack="prod")
    production.declare({"xero": XERO}, baseUrl=emulator.url)
    return project


@pytest.fixture
def bare(stacks: Project) -> Project:
    """The same where nothing decrypts a stack and no credential is in the environment."""
    secret = ("PULUMI_CONFIG_PASSPHRASE", "ROOTFI_API_KEY", "XERO_CLIENT_SECRET", "QUICKBOOKS_CLIENT_SECRET")
    return replace(stacks, environ={key: each for key, each in stacks.environ.items() if key not in secret})


@pytest.fixture
def own(stacks: Project, tmp_path: Path) -> Project:
    """A copy of the project and its state, to be spoilt."""
    shutil.copytree(stacks.folder.parent, tmp_path / "copy")
    state = (tmp_path / "copy" / "state").as_uri()
    environ = stacks.environ | {"PULUMI_BACKEND_URL": state}
    return replace(stacks, folder=tmp_path / "copy" / "project", environ=environ)
