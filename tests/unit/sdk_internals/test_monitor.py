import asyncio

import pulumi
import pytest
from pulumi.runtime import settings

from rootfi_pulumi.sdk_internals.monitor import run_key, running_monitor
from tests.support.own_loop import run


def test_run_key_is_the_monitor(monkeypatch: pytest.MonkeyPatch) -> None:
    monitor = object()
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)
    assert running_monitor() is monitor
    assert run_key() is monitor


def test_run_key_without_a_monitor_is_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    async def key() -> tuple[object, object]:
        return run_key(), asyncio.get_running_loop()

    monkeypatch.delattr(settings, "get_monitor")
    assert running_monitor() is None
    found, loop = run(key())
    assert found is loop


def test_run_key_without_a_run_says_how_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "get_monitor", lambda: None)
    with pytest.raises(
        pulumi.RunError, match=r"Run this one with `pulumi`, or .*`pulumi\.runtime\.set_mocks`"
    ):
        run_key()
