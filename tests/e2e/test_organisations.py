"""One API key is one organisation: two stacks, or two providers in one stack."""

import json
import re
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.command.in_project import rootfi_pulumi
from tests.support.pulumi_project import XERO, Project, files_that_hold

TWO_ORGANISATIONS = """
import os
from rootfi_pulumi import FromEnv, RootFiIntegration, RootFiProvider
import pulumi

other = RootFiProvider("other", api_key=os.environ["OTHER_API_KEY"], base_url=os.environ["OTHER_BASE_URL"])
for name, opts in {"own": None, "others": pulumi.ResourceOptions(provider=other)}.items():
    RootFiIntegration(
        name,
        integration_type="XERO",
        client_id=name,
        client_secret=FromEnv("XERO_CLIENT_SECRET"),
        opts=opts,
    )
"""

TWO_ENVIRONMENTS = """
import os
from rootfi_pulumi import Environment, RootFiProvider
import pulumi

other = RootFiProvider("other", api_key=os.environ["OTHER_API_KEY"], base_url=os.environ["OTHER_BASE_URL"])
Environment.from_stack_config()
secret = {"from_env": "XERO_CLIENT_SECRET"}
theirs = Environment(
    "theirs",
    {"their-xero": {"integration_type": "XERO", "client_id": "theirs", "client_secret": secret}},
    opts=pulumi.ResourceOptions(provider=other),
)
pulumi.export("theirs", theirs.summary)
"""


@pytest.mark.case
def test_two_stacks_of_two_organisations_do_not_meet(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    staging_key = emulator.add_organisation()
    project.declare({"xero": XERO | {"client_id": "dev"}})
    project.up()
    project.stack = "staging"
    project.declare({"xero": XERO | {"client_id": "staging"}}, baseUrl=emulator.url)
    project.new_stack("staging")
    project.up(ROOTFI_API_KEY=staging_key)
    assert emulator.calls == ["POST /integrations"] * 2
    assert [made.client_id for made in emulator.integrations(api_key)] == ["dev"]
    assert [made.client_id for made in emulator.integrations(staging_key)] == ["staging"]


@pytest.mark.measured
def test_two_organisations_in_one_stack(project: Project, emulator: Emulator, api_key: str) -> None:
    other_key = emulator.add_organisation()
    project.secrets.append(other_key)
    project.environ |= {"OTHER_API_KEY": other_key, "OTHER_BASE_URL": emulator.url}
    project.write(TWO_ORGANISATIONS)
    project.up()
    assert emulator.calls == ["POST /integrations"] * 2
    assert [made.client_id for made in emulator.integrations(api_key)] == ["own"]
    assert [made.client_id for made in emulator.integrations(other_key)] == ["others"]


def test_environments_of_two_organisations_in_one_stack(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    other_key = emulator.add_organisation()
    project.secrets.append(other_key)
    project.environ |= {"OTHER_API_KEY": other_key, "OTHER_BASE_URL": emulator.url}
    project.declare({"xero": XERO})
    project.write(TWO_ENVIRONMENTS)
    project.up()
    assert emulator.calls == ["POST /integrations"] * 2
    assert [made.client_id for made in emulator.integrations(api_key)] == ["xero-app"]
    assert [made.client_id for made in emulator.integrations(other_key)] == ["theirs"]
    assert project.output("theirs")["their-xero"]["client_id"] == "theirs"
    [dev] = json.loads(rootfi_pulumi(project, "report", "--json").output)["stacks"]
    assert {name: each["state"] for name, each in dev["integrations"].items()} == {
        "their-xero": "enabled",
        "xero": "enabled",
    }


@pytest.mark.case
def test_one_name_in_two_organisations_is_refused(project: Project, emulator: Emulator) -> None:
    project.environ |= {"OTHER_API_KEY": emulator.add_organisation(), "OTHER_BASE_URL": emulator.url}
    project.declare({"xero": XERO})
    project.write(TWO_ENVIRONMENTS.replace("their-xero", "xero"))
    assert "Duplicate resource URN" in project.preview(code=None).output
    assert "Duplicate resource URN" in project.up(code=None).output
    project.write(TWO_ENVIRONMENTS)
    project.up()
    assert emulator.calls == ["POST /integrations"] * 2


@pytest.mark.case
def test_the_key_of_a_second_organisation_is_in_no_file(
    project: Project, emulator: Emulator, tmp_path: Path
) -> None:
    other_key = emulator.add_organisation()
    project.environ |= {"OTHER_API_KEY": other_key, "OTHER_BASE_URL": emulator.url}
    project.write(TWO_ORGANISATIONS)
    project.up()
    assert files_that_hold(tmp_path, [other_key]) == []


@pytest.mark.parametrize("key", ['os.environ["OTHER_API_KEY"]', "None"])
def test_empty_key_of_a_second_organisation_ignores_the_environment(
    project: Project, emulator: Emulator, api_key: str, key: str
) -> None:
    project.environ |= {"OTHER_API_KEY": "", "OTHER_BASE_URL": emulator.url}
    project.write(TWO_ORGANISATIONS.replace('os.environ["OTHER_API_KEY"]', key))
    assert 'api_key of RootFiProvider "other": is empty' in project.up(code=None).output
    assert [made.client_id for made in emulator.integrations(api_key)] in ([], ["own"])


def test_refused_key_of_a_second_organisation_names_its_provider(
    project: Project, emulator: Emulator
) -> None:
    project.environ |= {"OTHER_API_KEY": "not-a-key", "OTHER_BASE_URL": emulator.url}
    project.write(TWO_ORGANISATIONS)
    output = project.up(code=None).output
    advice = (
        r'POST /integrations: 401 .*: check the API key \(api_key of RootFiProvider "other"\); after changing'
    )
    assert re.search(advice, output)
    assert "rootfi:apiKey" not in output


def test_provider_of_an_older_state_is_updated_and_replaces_nothing(
    project: Project, emulator: Emulator
) -> None:
    project.environ |= {"OTHER_API_KEY": emulator.add_organisation(), "OTHER_BASE_URL": emulator.url}
    project.secrets.append(project.environ["OTHER_API_KEY"])
    project.write(TWO_ORGANISATIONS)
    project.up()
    exported = json.loads(project.pulumi("stack", "export", "--show-secrets").output)
    resources = exported["deployment"]["resources"]
    [provider] = [each for each in resources if "rootfi:providerName" in each.get("inputs", ())]
    for members in (provider["inputs"], provider["outputs"]):
        del members["rootfi:providerName"]
    project.pulumi("stack", "import", stdin=json.dumps(exported))
    emulator.forget_requests()
    project.up()
    assert emulator.calls == []


@pytest.mark.case
def test_an_explicit_key_is_not_overridden_by_the_environment(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    configured = emulator.add_organisation()
    project.secrets.append(configured)
    project.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=configured)
    project.declare({"xero": XERO})
    project.up()
    assert emulator.integrations(api_key) == []
    assert len(emulator.integrations(configured)) == 1
