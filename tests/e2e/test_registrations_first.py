"""A program waits for its integrations in a time that grows with their number, and not with its square."""

from tests.support.pulumi_project import Project

COUNT = 20
OUTPUTS = 13
"""Of an integration: twelve and its URN."""

COUNTING = f"""
import asyncio
import atexit
from pathlib import Path

from rootfi_pulumi import RootFiIntegration

wait, waited_for = asyncio.wait, []


def counted(awaitables, **options):
    waited_for.append(len(awaitables))
    return wait(awaitables, **options)


asyncio.wait = counted
atexit.register(lambda: Path("waited-for").write_text(str(sum(waited_for))))
for number in range({COUNT}):
    RootFiIntegration(f"xero-{{number}}", integration_type="XERO", client_id="x", client_secret="y")
"""


def test_no_output_is_awaited_again_when_another_arrives(project: Project) -> None:
    project.write(COUNTING)
    project.up()
    assert int((project.folder / "waited-for").read_text()) <= COUNT * OUTPUTS
