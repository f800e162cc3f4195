"""A machine for the tests of tools/pulumi/install.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.machine import Machine
from tests.support.patience import PATIENCE


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine without Pulumi, Go or a network."""
    machine = Machine(tmp_path)
    yield machine
    for process in machine.started:  # only a failed test has left one running
        process.terminate()
        process.communicate(timeout=PATIENCE)
