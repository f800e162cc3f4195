"""How many requests of one `up` are with RootFi at a time, where the engine allows ten."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.pulumi_project import Project
from tests.support.runs.background import Running

SIZE = 16
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


@contextmanager
def up(project: Project, emulator: Emulator) -> Iterator[None]:
    """An `up` whose first request is answered, and whose others are held while the block runs."""
    project.write(PROGRAM)
    emulator.inject(Fault(skip=1, times=None, hold=True))
    running = Running.start(project, "up", "--parallel=10")
    try:
        yield
    finally:
        emulator.clear_faults()
        emulator.release()
        output = running.wait()
    assert running.cli.returncode == 0, output
    assert emulator.calls == ["POST /integrations"] * SIZE


def test_more_are_asked_at_a_time_than_the_sdk_has_threads(project: Project, emulator: Emulator) -> None:
    with up(project, emulator):
        emulator.wait_until_held(9)


@pytest.mark.case
def test_four_are_asked_at_a_time_where_the_config_says_so(project: Project, emulator: Emulator) -> None:
    project.declare(concurrency=4)
    with up(project, emulator):
        emulator.wait_until_held(4)
        with pytest.raises(TimeoutError):
            emulator.wait_until_held(5, timeout=1)
