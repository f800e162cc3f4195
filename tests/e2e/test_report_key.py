"""`rootfi-pulumi report --refresh` where the API key was set after the last `pulumi up`."""

import json

import pytest

from tests.support.command.in_project import rootfi_pulumi
from tests.support.pulumi_project import Project


@pytest.mark.case
def test_refresh_names_up_where_state_has_no_key(deployed: Project, api_key: str) -> None:
    deployed.up()  # the state that was copied has another address
    # The key of the environment is in no state.
    del deployed.environ["ROOTFI_API_KEY"]
    deployed.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)
    line = ("report", "--refresh", "--format", "json")
    [dev] = json.loads(rootfi_pulumi(deployed, *line, code=1).output)["stacks"]
    [found] = dev["problems"]
    assert found.startswith("cannot check for drift: the state has no RootFi API key: ")
    assert "run `pulumi up` to store it there; otherwise set ROOTFI_API_KEY" in found
    rootfi_pulumi(deployed, *line, ROOTFI_API_KEY=api_key)
    deployed.up()
    rootfi_pulumi(deployed, *line)
