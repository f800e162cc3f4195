import gc
import os
import signal
from collections.abc import Iterator

import hypothesis
import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.patience import PATIENCE

# How long an example takes depends on the machine, which may be busy.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

# The servers of the tests are on this machine, and no proxy of the environment leads there.
for name in ("no_proxy", "NO_PROXY"):
    os.environ[name] = ",".join(filter(None, [os.environ.get(name), "127.0.0.1", "localhost"]))

# Whoever starts the tests in the background of a shell has them ignore interrupts, and all that they start
# as well: some of them send one.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A RootFi of the test's own."""
    with Emulator(patience=PATIENCE) as emulator:
        yield emulator


@pytest.fixture
def api_key(emulator: Emulator) -> str:
    """The key of an organisation without integrations."""
    return emulator.add_organisation()


@pytest.fixture
def no_collection() -> Iterator[None]:
    """Collects no garbage in a test that goes as deep in calls as Python lets it.

    What is finalized there, of any test before, would have no room for a call of its own.
    """
    gc.disable()
    yield
    gc.enable()
