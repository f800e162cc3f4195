from collections.abc import Iterator

import pytest

from rootfi_pulumi.emulator import Emulator


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A RootFi of the test's own."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def api_key(emulator: Emulator) -> str:
    """The key of an organisation without integrations."""
    return emulator.add_organisation()
