from collections.abc import Iterator

import hypothesis
import pytest

from rootfi_pulumi.emulator import Emulator

# How long one example takes is the machine's affair: others may be busy on it.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A RootFi of the test's own."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def api_key(emulator: Emulator) -> str:
    """The key of an organisation without integrations."""
    return emulator.add_organisation()
