import json
from collections.abc import Iterator

import pytest
from pulumi.runtime import config

from rootfi_pulumi.sdk_internals.whole_config import whole_config

SET = {"rootfi:apiKey": "set", "rootfi:timeoutSeconds": "60"}
PASSED = {"rootfi:apiKey": "passed", "rootfi:concurrency": "8"}


@pytest.fixture(autouse=True)
def _config(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(PASSED))
    config.set_all_config(dict(SET))
    yield
    config.set_all_config({})


def test_config_is_what_get_config_returns() -> None:
    found = whole_config()
    assert found == PASSED | SET
    assert found == {key: config.get_config(key) for key in found}


def test_config_in_a_changed_sdk_is_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as changed:
        changed.delattr(config, "CONFIG")
        assert whole_config() == PASSED
