import pytest
from pulumi.runtime import mocks

from tests.support.recorded import Recorded


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    # What a shell that Pulumi has started would set.
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    recorded = Recorded()
    mocks.set_mocks(recorded)
    return recorded
