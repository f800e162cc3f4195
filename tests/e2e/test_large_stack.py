"""200 integrations in one stack, with as many at once as the engine likes."""

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.pulumi_project import Project

pytestmark = pytest.mark.long

SIZE = 200
PROGRAM = f"""
from rootfi_pulumi import FromEnv, RootFiIntegration

for number in range({SIZE}):
    RootFiIntegration(
        f"xero-{{number}}",
        integration_type="XERO",
        client_id=f"client-{{number}}",
        client_secret=FromEnv("XERO_CLIENT_SECRET"),
    )
"""


def test_a_large_stack_lands_whole_and_is_left_alone_after_that(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    project.write(PROGRAM)
    project.up()
    assert emulator.calls == ["POST /integrations"] * SIZE
    tracked = {name: int(resource["id"]) for name, resource in project.resources().items()}
    made = {integration.client_id: integration.rootfi_id for integration in emulator.integrations(api_key)}
    assert tracked == {
        client_id.replace("client", "xero"): rootfi_id for client_id, rootfi_id in made.items()
    }
    assert len(tracked) == len(set(tracked.values())) == SIZE
    emulator.forget_requests()
    project.up("--expect-no-changes")
    assert emulator.calls == []
