"""Play every cell of the fault matrix over a real socket; see docs/faults.md."""

import re
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct

from rootfi_pulumi.api.errors import RootFiError
from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.provider.boundary import ProviderError
from rootfi_pulumi.provider.phrases import CANNOT_ADOPT
from tests.support.faults.matrix import CELLS, PAGE, Cell, page
from tests.support.faults.player import ANOTHER_SECRET, NAME, PlayedCell
from tests.support.faults.row import AGAIN, ID, SECRET, TIMEOUT

_LONGEST_LINE = 600
_MOST_REQUESTS = 60


@pytest.mark.matrix
@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_fault_ends_as_the_matrix_says_and_recovery_fixes_it(cell: Cell, emulator: Emulator) -> None:
    played = PlayedCell(cell, emulator)
    played.prepare()
    began = played.clock.now()
    played.act_in_fault()
    assert cell.method in played.calls, "the fault has met nothing"
    assert played.became == cell.expected, played.engine.shown
    assert_lines_are_fit(played)
    assert_nothing_is_lost(played)
    assert_bounded(played, began)
    played.recover()
    assert_mended(played)


def assert_lines_are_fit(played: PlayedCell) -> None:
    for error in played.engine.errors:
        assert isinstance(error, (RootFiError, ProviderError))
        assert re.search(
            rf"{played.cell.method} /integrations|{CANNOT_ADOPT} {ID}: it is of type", str(error)
        )
    for line in lines(played.engine.shown):
        assert line.isprintable()
        assert len(line) < _LONGEST_LINE
        assert [secret for secret in (SECRET, ANOTHER_SECRET, played.key) if secret in line] == []


def lines(shown: list[str]) -> list[str]:
    return [line for text in shown for line in text.removesuffix("\n").split("\n")]


def assert_nothing_is_lost(played: PlayedCell) -> None:
    assert played.unfinished or played.untracked == []
    if AGAIN not in (played.cell.expected or ""):
        assert played.calls.count("POST") <= 1
    assert len(played.emulator.integrations(played.key)) <= 1
    for resource in played.engine.state.values():
        # What the engine cannot take in is lost as well.
        assert storable(resource.outs)


def storable(outs: dict[str, Any]) -> bytes:
    struct = Struct()
    struct.update(outs)
    return struct.SerializeToString()


def assert_bounded(played: PlayedCell, began: float) -> None:
    assert len(played.calls) < _MOST_REQUESTS
    # Two requests of one run have a time each.
    assert played.clock.now() - began < 2 * TIMEOUT + 1
    if AGAIN in (played.cell.expected or ""):
        assert played.clock.now() - began >= played.cell.row.waits


def assert_mended(played: PlayedCell) -> None:
    assert played.engine.errors == []
    assert played.unfinished is None
    assert played.untracked == []
    for props in played.program.values():
        made = played.emulator.integration(int(played.engine.state[NAME].id))
        assert (made.client_id, made.is_disabled) == (props["client_id"], props["is_disabled"])


def test_the_page_is_what_is_played() -> None:
    assert PAGE.read_text() == page(), "run `make faults`"
