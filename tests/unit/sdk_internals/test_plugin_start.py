from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings

from rootfi_pulumi.sdk_internals.plugin_start import start_plugin


def refuse(*_: object) -> None:
    raise TypeError


@pytest.mark.parametrize(
    "monitor",
    [
        None,
        SimpleNamespace(),
        SimpleNamespace(Invoke=None),
        SimpleNamespace(Invoke=lambda _: None),
        SimpleNamespace(Invoke=SimpleNamespace(future=refuse)),
    ],
)
def test_start_fails_silently_with_another_sdk(monitor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)
    assert start_plugin(None) is None


def test_start_returns_what_the_caller_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def future(question: Any) -> str:
        asked.append(question)
        return "call"

    invoke = SimpleNamespace(future=future)
    monkeypatch.setattr(settings, "get_monitor", lambda: SimpleNamespace(Invoke=invoke))
    assert start_plugin(pulumi.ResourceOptions()) == "call"
    assert asked[0].tok.startswith("pulumi-python:")
