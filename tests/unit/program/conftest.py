import pytest
from pulumi.runtime import mocks, settings

from tests.support.recorded import Recorded


@pytest.fixture(autouse=True)
def _no_engine() -> None:
    # Mocks that another test has set stay, and with them a run is mocked.
    settings.SETTINGS.engine = None


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """What the engine would get: the monitor is Pulumi's mock, and no engine says that the run is mocked."""
    recorded = _mock(monkeypatch)
    settings.SETTINGS.engine = None
    return recorded


@pytest.fixture
def mocked(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """What the mocks of a user's test get."""
    return _mock(monkeypatch)


def _mock(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    # What a shell that Pulumi has started would set.
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    recorded = Recorded()
    mocks.set_mocks(recorded)
    return recorded
