"""The characters of the report in a terminal, their colours, and texts of a certain width."""

import codecs
from collections.abc import Callable

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from rootfi_pulumi.cli.report.states import State

UNREAD_GLYPH = "░"
"""A stack of which something could not be read."""
LEADER = "│"
"""Leads from a stack's name down to its column."""

STYLES = {
    State.ENABLED: "green",
    State.DISABLED: "dim",
    State.MISSING: "yellow",
    State.UNDECLARED: "magenta",
    State.UNFINISHED: "bold red",
    State.DRIFTED: "bold red",
}
TROUBLE_STYLE = "red"
"""For a stack that could not be read."""

_SPECIAL = "●○✕≠·░│—…→≥≤"
_ASCII = str.maketrans(dict(zip(_SPECIAL, [*"*ox~.#|-~", "->", ">=", "<="], strict=True)))


def find_spelling(console: Console) -> Callable[[str], str]:
    """Return a function that writes the report's characters in ASCII if the console's encoding lacks one.

    It writes a question mark for any other character that is lacking, as the stream would, because widths are
    measured before.
    """
    encoding = console.encoding if _is_known(console.encoding) else "ascii"
    try:
        _SPECIAL.encode(encoding)
    except UnicodeEncodeError:
        return lambda text: _encodable(text.translate(_ASCII), encoding)
    return lambda text: _encodable(text, encoding)


def _encodable(text: str, encoding: str) -> str:
    return text.encode(encoding, "replace").decode(encoding)


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def cut(text: str, cells: int) -> str:
    """Return the text, or its two ends around an ellipsis if it is wider than this number of cells."""
    if cell_len(text) <= cells:
        return text
    ends = [text, text]
    turn = 0
    while cell_len("…".join(ends)) > max(cells, 1) and any(ends):
        ends = [ends[0], ends[1][1:]] if turn else [ends[0][:-1], ends[1]]
        turn = 1 - turn
    return "…".join(ends)


def pack(items: list[Text], width: int, gap: int = 2) -> list[Text]:
    """Return lines of whole items side by side, as many on each line as fit."""
    lines: list[Text] = []
    for item in items:
        if lines and lines[-1].cell_len + gap + item.cell_len <= width:
            lines[-1] = lines[-1] + Text(" " * gap) + item
        else:
            lines.append(item)
    return lines
