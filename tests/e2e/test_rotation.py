"""A rotated credential lands at RootFi, and a rotated API key serves every command."""

from collections.abc import Callable

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.pulumi_project import XERO, Project

NEW = "the-rotated-value"
NEW_KEY = "the-rotated-api-key"
SECRET_PATH = "rootfi:integrations.xero.client_secret"


def deploy_tracked(project: Project, _: Emulator) -> None:
    project.secrets += ["the-first-value", NEW]
    project.declare({"xero": {"integration_type": "XERO", "client_id": "xero-app"}})
    project.pulumi("config", "set", "--secret", "--path", SECRET_PATH, stdin="the-first-value")
    project.up()


@pytest.fixture
def tracked(prepared: Callable[..., Project]) -> Project:
    """The project with a XERO integration, 1234, whose secret is encrypted in the config."""
    return prepared(deploy_tracked)


def test_a_changed_tracked_secret_is_a_new_version_and_one_put(tracked: Project, emulator: Emulator) -> None:
    tracked.pulumi("config", "set", "--secret", "--path", SECRET_PATH, stdin=NEW)
    assert "client_secret_version: 1 => 2" in tracked.preview().output
    tracked.up()
    assert emulator.calls == ["PUT /integrations/1234"]
    assert emulator.integration(1234).client_secret == NEW
    tracked.preview("--refresh", "--expect-no-changes")


def test_a_changed_secret_of_the_environment_is_a_new_version(deployed: Project) -> None:
    deployed.secrets.append(NEW)
    assert "client_secret_version: 1 => 2" in deployed.preview(XERO_CLIENT_SECRET=NEW).output


@pytest.mark.case
def test_a_secret_changed_at_rootfi_shows_in_a_refresh_and_is_reset(
    tracked: Project, emulator: Emulator
) -> None:
    emulator.edit(1234, client_secret=NEW)
    assert "client_secret_version: 1 => 2" in tracked.pulumi("refresh", "--preview-only", "--diff").output
    tracked.up("--refresh")
    assert emulator.integration(1234).client_secret == "the-first-value"
    tracked.preview("--refresh", "--expect-no-changes")


@pytest.mark.case
def test_a_rotation_lands_though_rootfi_masks_its_secrets(deployed: Project, emulator: Emulator) -> None:
    deployed.secrets.append(NEW)
    emulator.secrets = "masked"
    deployed.up("--refresh", XERO_CLIENT_SECRET=NEW)
    assert emulator.integration(1234).client_secret == NEW
    deployed.preview("--refresh", "--expect-no-changes", XERO_CLIENT_SECRET=NEW)


def test_moving_a_secret_to_from_env_sends_nothing_and_leaves_no_copy(
    tracked: Project, emulator: Emulator
) -> None:
    tracked.declare({"xero": XERO})
    tracked.up(XERO_CLIENT_SECRET="the-first-value")
    assert emulator.calls == []
    shown = tracked.resources(show_secrets=True)["xero"]
    assert "the-first-value" not in str(shown)
    tracked.preview("--expect-no-changes", XERO_CLIENT_SECRET="the-first-value")


@pytest.mark.case
def test_moving_from_the_environment_to_tracked_sends_nothing(deployed: Project, emulator: Emulator) -> None:
    deployed.declare({"xero": {"integration_type": "XERO", "client_id": "xero-app"}})
    secret = deployed.environ["XERO_CLIENT_SECRET"]
    deployed.pulumi("config", "set", "--secret", "--path", SECRET_PATH, stdin=secret)
    deployed.up()
    assert emulator.calls == []


@pytest.mark.case
def test_a_key_of_the_environment_that_changes_serves_every_command(
    deployed: Project, emulator: Emulator, api_key: str
) -> None:
    emulator.change_key(api_key, NEW_KEY)
    deployed.environ["ROOTFI_API_KEY"] = NEW_KEY
    deployed.preview("--refresh", "--expect-no-changes")
    deployed.refresh()
    deployed.up("--refresh")
    deployed.destroy()
    assert emulator.integration(1234).is_disabled


def deploy_with_key_in_config_and_change_it(project: Project, emulator: Emulator) -> None:
    project.secrets.append(NEW_KEY)
    api_key = project.environ.pop("ROOTFI_API_KEY")
    project.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)
    project.declare({"xero": XERO})
    project.up()
    emulator.change_key(api_key, NEW_KEY)
    project.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=NEW_KEY)


@pytest.fixture
def key_in_config(prepared: Callable[..., Project]) -> Project:
    """The project with 1234 whose API key is in config, after RootFi has given the organisation another."""
    return prepared(deploy_with_key_in_config_and_change_it)


def test_the_old_key_in_the_state_is_refused_with_the_way_out(key_in_config: Project) -> None:
    for command in (key_in_config.refresh, key_in_config.destroy):
        output = command(code=None).output
        assert "401" in output
        assert "give refresh and destroy --run-program" in output


@pytest.mark.case
def test_a_changed_key_in_config_serves_every_command_with_a_program(
    key_in_config: Project, emulator: Emulator
) -> None:
    key_in_config.refresh("--run-program")
    key_in_config.preview("--refresh", "--run-program", "--expect-no-changes")
    key_in_config.up()
    key_in_config.destroy("--run-program")
    assert emulator.integration(1234).is_disabled


@pytest.mark.case
def test_after_an_up_with_the_changed_key_the_state_has_it(
    key_in_config: Project, emulator: Emulator
) -> None:
    key_in_config.up()
    key_in_config.refresh()
    key_in_config.destroy()
    assert emulator.integration(1234).is_disabled
