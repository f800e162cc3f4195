from io import BytesIO, TextIOWrapper
from types import SimpleNamespace
from typing import IO, cast

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from rootfi_pulumi.cli.report.glyphs import cut, find_spelling, pack


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("quickbooks", 10, "quickbooks"),
        ("quickbooks", 9, "quic…ooks"),
        ("quickbooks", 4, "q…ks"),
        ("quickbooks", 1, "…"),
        ("quickbooks", 0, "…"),
        ("会計ソフト", 7, "会…フト"),
        ("", 3, ""),
    ],
)
def test_cut_keeps_both_ends(text: str, cells: int, shown: str) -> None:
    assert cut(text, cells) == shown
    assert cell_len(shown) <= max(cells, 1)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "no-such-encoding"])
def test_spelling_has_the_width_of_what_is_written(encoding: str) -> None:
    console = Console(file=TextIOWrapper(BytesIO(), encoding="ascii"))
    console.file = cast("IO[str]", SimpleNamespace(encoding=encoding))
    assert find_spelling(console)("≠ 日本 e\u0302") in {"~ ?? e?", "≠ ?? e?"}


def test_packed_items_are_whole() -> None:
    lines = pack([Text(word) for word in ("one", "two", "three", "four-and-more")], 9)
    assert [line.plain for line in lines] == ["one  two", "three", "four-and-more"]
