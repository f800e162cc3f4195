import pytest
from pulumi.runtime import mocks, settings

from rootfi_pulumi.sdk_internals.mocked_run import is_mocked
from tests.support.mocks import NoResources


def test_run_with_mocks_is_mocked() -> None:
    mocks.set_mocks(NoResources())
    assert is_mocked()


@pytest.mark.parametrize("engine", [None, object()])
def test_run_with_another_engine_is_not_mocked(engine: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "get_engine", lambda: engine)
    assert not is_mocked()


@pytest.mark.parametrize(("module", "name"), [(mocks, "MockEngine"), (settings, "get_engine")])
def test_changed_sdk_is_not_mocked(module: object, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mocks.set_mocks(NoResources())
    monkeypatch.delattr(module, name)
    assert not is_mocked()
