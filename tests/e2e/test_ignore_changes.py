"""With `ignore_changes` a secret that was rotated at RootFi by hand stays, whichever way it is passed."""

from collections.abc import Callable

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.pulumi_project import Project

BY_HAND = "rotated-by-hand"
PROGRAM = """
import os
import pulumi
from rootfi_pulumi import FromEnv, RootFiIntegration

tracked = os.environ.get("TRACKED_SECRET")
RootFiIntegration(
    "xero",
    integration_type=os.environ.get("TYPE", "XERO"),
    client_id=os.environ.get("CLIENT_ID", "xero-app"),
    client_secret=tracked or FromEnv("XERO_CLIENT_SECRET"),
    opts=pulumi.ResourceOptions(ignore_changes=os.environ.get("IGNORED", "").split()),
)
"""


def deploy_variable(project: Project, _: Emulator) -> None:
    project.secrets.append(BY_HAND)
    project.environ["IGNORED"] = "client_secret"
    project.write(PROGRAM)
    project.up()


def deploy_tracked(project: Project, emulator: Emulator) -> None:
    project.environ["TRACKED_SECRET"] = project.environ.pop("XERO_CLIENT_SECRET")
    deploy_variable(project, emulator)


@pytest.fixture(params=["variable", pytest.param("tracked", marks=pytest.mark.case)])
def ignoring(request: pytest.FixtureRequest, prepared: Callable[..., Project]) -> Project:
    """The project with 1234, whose program ignores changes of its secret."""
    return prepared(deploy_tracked if request.param == "tracked" else deploy_variable)


@pytest.fixture
def variable(prepared: Callable[..., Project]) -> Project:
    """The same, with the secret in a variable."""
    return prepared(deploy_variable)


@pytest.mark.parametrize("ignored", ["client_secret", pytest.param("*", marks=pytest.mark.case)])
def test_ignored_secret_survives_refresh_and_up(ignoring: Project, emulator: Emulator, ignored: str) -> None:
    ignoring.environ["IGNORED"] = ignored
    ignoring.environ.pop("XERO_CLIENT_SECRET", None)
    emulator.edit(1234, client_secret=BY_HAND)
    ignoring.up("--refresh")
    assert emulator.calls == ["GET /integrations/1234"]
    ignoring.preview("--refresh", "--expect-no-changes")
    assert emulator.integration(1234).client_secret == BY_HAND


def test_ignored_secret_survives_an_update(ignoring: Project, emulator: Emulator) -> None:
    emulator.edit(1234, client_secret=BY_HAND)
    ignoring.up(CLIENT_ID="another")
    live = emulator.integration(1234)
    assert (live.client_id, live.client_secret) == ("another", BY_HAND)
    ignoring.preview("--refresh", "--expect-no-changes", CLIENT_ID="another")


@pytest.mark.case
def test_update_is_refused_where_secret_is_masked(ignoring: Project, emulator: Emulator) -> None:
    emulator.edit(1234, client_secret=BY_HAND)
    emulator.secrets = "masked"
    output = ignoring.up(code=None, CLIENT_ID="another").output
    assert "Remove client_secret from ignore_changes" in output
    assert "Traceback" not in output
    assert emulator.calls == ["GET /integrations/1234"]
    ignoring.up(CLIENT_ID="another", IGNORED="")
    assert emulator.integration(1234).client_id == "another"


@pytest.mark.case
def test_replacement_leaves_old_secret_as_it_is(variable: Project, emulator: Emulator) -> None:
    emulator.edit(1234, client_secret=BY_HAND)
    variable.refresh()
    variable.up(TYPE="WAVE")
    old, new = emulator.integration(1234), emulator.integration(1235)
    assert (old.is_disabled, old.client_secret) == (True, BY_HAND)
    assert new.client_secret == variable.environ["XERO_CLIENT_SECRET"]
    variable.preview("--refresh", "--expect-no-changes", TYPE="WAVE")


@pytest.mark.case
def test_replacement_names_the_missing_variable(variable: Project, emulator: Emulator) -> None:
    del variable.environ["XERO_CLIENT_SECRET"]
    assert "XERO_CLIENT_SECRET is not set" in variable.up(code=None, TYPE="WAVE").output
    assert emulator.calls == []


@pytest.mark.case
@pytest.mark.parametrize("is_set", [True, False])
def test_destroy_leaves_the_secret_as_it_is(variable: Project, emulator: Emulator, is_set: bool) -> None:
    emulator.edit(1234, client_secret=BY_HAND)
    variable.refresh()
    if not is_set:
        del variable.environ["XERO_CLIENT_SECRET"]
    variable.destroy()
    old = emulator.integration(1234)
    assert (old.is_disabled, old.client_secret) == (True, BY_HAND)


@pytest.mark.case
def test_declared_secret_lands_once_it_is_not_ignored(ignoring: Project, emulator: Emulator) -> None:
    declared = emulator.integration(1234).client_secret
    emulator.edit(1234, client_secret=BY_HAND)
    ignoring.up("--refresh")
    ignoring.up(IGNORED="")
    assert emulator.integration(1234).client_secret == declared


@pytest.mark.case
def test_adopted_one_keeps_its_ignored_secret(project: Project, emulator: Emulator, api_key: str) -> None:
    emulator.add_integration(api_key, integration_type="XERO", client_id="xero-app", client_secret=BY_HAND)
    project.secrets.append(BY_HAND)
    project.environ["IGNORED"] = "client_secret"
    project.write(PROGRAM.replace("opts=", "adopt=1234, opts="))
    emulator.secrets = "masked"
    project.up()
    project.up("--expect-no-changes")
    project.up("--refresh", "--expect-no-changes")
    assert emulator.integration(1234).client_secret == BY_HAND
