"""A stack made by `pulumi stack init u --copy-config-from dev`: what names it, and how one stack gives it up."""

import json
from dataclasses import replace
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.command.in_project import on_terminal, rootfi_pulumi
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project

ADOPTED = {"xero": XERO | {"adopt": 1234}}
SAME_ID = " manage the same integration, 1234 (xero): destroying one of these stacks disables it for all"
SAME_TYPE = (
    " have the same API key and each has XERO (xero): one organisation gets 2 integrations of this type"
)


@pytest.fixture
def dev(project: Project, emulator: Emulator, api_key: str) -> Project:
    """The project with its key in the config of `dev`, and an integration 1234 that was made by hand."""
    project.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)
    del project.environ["ROOTFI_API_KEY"]
    secret = project.environ["XERO_CLIENT_SECRET"]
    emulator.add_integration(api_key, integration_type="XERO", client_id="xero-app", client_secret=secret)
    return project


def copied(dev: Project, integrations: dict[str, Any]) -> Project:
    """Deploy `dev` with these and its copy `u`; return the copy."""
    dev.declare(integrations)
    dev.up()
    return copy(dev)


def copy(dev: Project) -> Project:
    dev.pulumi("stack", "init", "u", "--copy-config-from", "dev")
    made = replace(dev, stack="u")
    made.up()
    return made


def problems(project: Project, code: int = 1, **environ: str) -> list[dict[str, str]]:
    """Return what doctor finds about the other stacks, unless it is good."""
    ended = rootfi_pulumi(project, "doctor", "--json", "--stack", project.stack, code=code, **environ)
    found = [each for each in json.loads(ended.output) if each["subject"] == "other stacks"]
    return [each for each in found if each["status"] != "ok"]


def shared(project: Project) -> list[dict[str, Any]]:
    ended = rootfi_pulumi(project, "report", "--format", "json")
    return list(json.loads(ended.output)["shared"])


def is_disabled(emulator: Emulator, api_key: str) -> dict[int, bool]:
    return {each.rootfi_id: each.is_disabled for each in emulator.integrations(api_key)}


@pytest.mark.case
def test_copy_with_adopt_is_named_and_given_up(dev: Project, emulator: Emulator, api_key: str) -> None:
    copy = copied(dev, ADOPTED)
    files = ("stacks/Pulumi.dev.yaml", "stacks/Pulumi.u.yaml")
    lines = rootfi_pulumi(dev, "check", *files, code=1).output.splitlines()
    assert [line.partition(":")[0] for line in lines] == [*files]
    assert all("adopts 1234 too: if both stacks have the same organisation's key" in line for line in lines)
    assert f"\ndev and u{SAME_ID}; " in rootfi_pulumi(dev, "report").output
    [found] = problems(copy)
    assert (found["status"], found["message"]) == ("problem", f"u and dev{SAME_ID}")
    # As the remedy says.
    assert found["remedy"].startswith(
        "1. Keep it in one stack. To give it up in u, set `retain_on_delete: true`."
    )
    copy.declare({"xero": ADOPTED["xero"] | {"retain_on_delete": True}})
    copy.up("--stack", "u")
    copy.declare({})
    copy.up("--stack", "u")
    assert (problems(copy, code=0), shared(dev)) == ([], [])
    copy.destroy("--stack", "u")
    assert is_disabled(emulator, api_key) == {1234: False}


@pytest.mark.case
def test_copy_without_adopt_is_named_and_given_up(dev: Project, emulator: Emulator, api_key: str) -> None:
    emulator.remove(1234)
    copy = copied(dev, {"xero": XERO})
    ids = is_disabled(emulator, api_key)
    assert len(ids) == 2
    assert f"\ndev and u{SAME_TYPE}; " in rootfi_pulumi(dev, "report").output
    [found] = problems(copy)
    assert (found["status"], found["message"]) == ("problem", f"u and dev{SAME_TYPE}")
    assert found["remedy"] == "keep one; to disable u's, remove the entry"
    copy.declare({})
    copy.pulumi(*found["command"].split()[1:], "--yes", "--skip-preview")
    assert (problems(copy, code=0), shared(dev)) == ([], [])
    assert is_disabled(emulator, api_key) == {min(ids): False, max(ids): True}


@pytest.mark.case
def test_copy_is_named_before_its_first_up(dev: Project, emulator: Emulator) -> None:
    dev.declare(ADOPTED | {"quickbooks": QUICKBOOKS})
    dev.up()
    dev.pulumi("stack", "init", "u", "--copy-config-from", "dev")
    by_id, by_type = problems(replace(dev, stack="u"))
    assert by_id["remedy"] == "keep it in one stack; to give it up in u, remove the entry"
    assert by_type["command"] == "pulumi config set --secret rootfi:apiKey --stack u"
    other = emulator.add_organisation()
    dev.pulumi(*by_type["command"].split()[1:], stdin=other)
    dev.secrets.append(other)
    assert [each["rootfi_id"] for each in shared(dev)] == [1234]


@pytest.mark.case
def test_removing_a_copied_stack_disables_nothing(dev: Project, emulator: Emulator, api_key: str) -> None:
    copied(dev, ADOPTED)
    dev.pulumi("stack", "rm", "u", "--force", "--yes")
    assert is_disabled(emulator, api_key) == {1234: False}
    assert (problems(dev, code=0), shared(dev)) == ([], [])


@pytest.mark.case
def test_forgetting_a_copied_resource_disables_nothing(
    dev: Project, emulator: Emulator, api_key: str
) -> None:
    copy = copied(dev, ADOPTED)
    [resource] = copy.all_integrations("--stack", "u")
    copy.declare({})
    copy.pulumi("state", "delete", resource["urn"], "--stack", "u", "--yes")
    copy.up("--stack", "u")
    copy.destroy("--stack", "u")
    assert (problems(copy, code=0), is_disabled(emulator, api_key)) == ([], {1234: False})


@pytest.mark.case
def test_destroyed_copy_is_undone_by_a_refresh(dev: Project, emulator: Emulator, api_key: str) -> None:
    copied(dev, ADOPTED).destroy("--stack", "u")
    assert is_disabled(emulator, api_key) == {1234: True}
    dev.up("--refresh", "--stack", "dev")
    assert is_disabled(emulator, api_key) == {1234: False}


@pytest.mark.case
def test_two_organisations_share_no_type(dev: Project, emulator: Emulator) -> None:
    dev.declare({"xero": XERO})
    dev.up()
    other = emulator.add_organisation()
    dev.secrets.append(other)
    dev.pulumi("stack", "init", "u", "--copy-config-from", "dev")
    dev.pulumi("config", "set", "--secret", "rootfi:apiKey", "--stack", "u", stdin=other)
    dev.up("--stack", "u")
    assert (problems(replace(dev, stack="u"), code=0), shared(dev)) == ([], [])


@pytest.mark.case
def test_same_id_of_two_keys_is_no_failure(dev: Project, emulator: Emulator) -> None:
    copy = copied(dev, ADOPTED)
    other = emulator.add_organisation()
    dev.secrets.append(other)
    dev.pulumi("config", "set", "--secret", "rootfi:apiKey", "--stack", "u", stdin=other)
    [found] = problems(copy, code=0)
    assert found["status"] == "note"
    assert found["message"].endswith("; the keys differ")
    assert [each["same_key"] for each in shared(dev)] == [False]


@pytest.mark.case
def test_same_id_of_another_server_is_not_shared(dev: Project) -> None:
    dev.declare(ADOPTED)
    dev.up()
    with Emulator() as other:
        key = other.add_organisation()
        dev.secrets.append(key)
        dev.pulumi("stack", "init", "u", "--copy-config-from", "dev")
        dev.pulumi("config", "set", "--secret", "rootfi:apiKey", "--stack", "u", stdin=key)
        copy = replace(dev, stack="u")
        copy.declare({"xero": XERO}, baseUrl=other.url)
        copy.up()
        assert [each["id"] for each in copy.all_integrations("--stack", "u")] == ["1234"]
        assert (problems(copy, code=0), shared(dev)) == ([], [])


@pytest.mark.case
def test_without_the_passphrase_ids_are_compared(dev: Project) -> None:
    copy = copied(dev, ADOPTED | {"quickbooks": QUICKBOOKS})
    del dev.environ["PULUMI_CONFIG_PASSPHRASE"]
    assert [(each["rootfi_id"], each["same_key"]) for each in shared(dev)] == [(1234, None)]
    by_id, not_compared = problems(copy)
    assert "if their API keys are of one organisation, destroying" in by_id["message"]
    assert not_compared["status"] == "note"
    assert not_compared["message"] == "the API key of u and dev cannot be decrypted and compared"


@pytest.mark.case
def test_each_format_names_the_copy(dev: Project) -> None:
    copied(dev, ADOPTED)
    assert "dev and u" in on_terminal(dev, "report")
    for form, words in {"markdown": "dev and u manage", "html": "dev and u manage", "json": '"u"'}.items():
        assert words in rootfi_pulumi(dev, "report", "--format", form).output
