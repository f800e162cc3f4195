from types import SimpleNamespace
from typing import Any

import pytest
from pulumi.runtime import settings

from rootfi_pulumi.sdk_internals.state_writer import NotWrittenError, write_outputs
from tests.support.own_loop import run


class Component:
    """The part of a component that is read."""

    @property
    def urn(self) -> Any:
        async def future() -> str:
            return "urn:pulumi:dev::rootfi::rootfi:index:CreateJournal::rootfi"

        return SimpleNamespace(future=future)


def write(outputs: dict[str, Any]) -> None:
    component: Any = Component()
    run(write_outputs(component, outputs))


def refuse(_: object) -> None:
    raise ConnectionError("the engine's words")


@pytest.mark.parametrize(
    ("monitor", "outputs", "reason"),
    [
        (None, {}, "AttributeError"),
        (SimpleNamespace(), {}, "AttributeError"),
        (SimpleNamespace(RegisterResourceOutputs="text"), {}, "TypeError"),
        (SimpleNamespace(RegisterResourceOutputs=refuse), {}, "ConnectionError"),
        (SimpleNamespace(RegisterResourceOutputs=list), {"no JSON": object()}, "ValueError"),
    ],
)
def test_outputs_that_cannot_be_written_raise(
    monitor: Any, outputs: dict[str, Any], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)
    with pytest.raises(NotWrittenError) as raised:
        write(outputs)
    assert str(raised.value) == reason


def test_outputs_are_sent_with_their_urn(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monitor = SimpleNamespace(RegisterResourceOutputs=sent.append)
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)
    write({"interrupted": ["urn"]})
    assert sent[0].urn.endswith("::rootfi")
    assert sent[0].outputs["interrupted"][0] == "urn"
