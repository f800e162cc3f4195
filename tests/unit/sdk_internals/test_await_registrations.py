from collections import deque
from types import SimpleNamespace
from typing import Any

import pytest
from pulumi.runtime import settings

from rootfi_pulumi.sdk_internals.await_registrations import wait_for_registrations_first


@pytest.mark.parametrize(
    "sdk",
    [
        SimpleNamespace(),
        SimpleNamespace(rpc_manager=None),
        SimpleNamespace(rpc_manager=SimpleNamespace(rpcs={})),
        SimpleNamespace(rpc_manager=SimpleNamespace(rpcs=deque())),
    ],
)
def test_registrations_in_no_list_are_left_alone(sdk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = repr(sdk)
    monkeypatch.setattr(settings, "SETTINGS", sdk)
    wait_for_registrations_first()
    assert repr(sdk) == before
