"""Turns what a command wrote to a terminal into the lines that a person sees at the end."""

import re
from collections.abc import Iterator

from rich.ansi import AnsiDecoder
from rich.text import Text

_TOKEN = re.compile(
    r"(?P<osc>\x1b\][^\x1b\x07]*(?:\x1b\\|\x07))"
    r"|(?P<style>\x1b\[[0-9;]*m)"
    r"|\x1b\[(?P<up>[0-9]*)A"
    r"|(?P<erase>\x1b\[[02]?K)"
    r"|(?P<ignored>\x1b\[\?[0-9;]*[hl]|\x1b\[6n)"
    r"|(?P<start>\r)|(?P<down>\n)"
    r"|(?P<text>[^\x1b\r\n]+)|(?P<unknown>.)",
    re.DOTALL,
)


def read_screen(output: str, columns: int) -> list[Text]:
    """Return the lines, without empty ones at the start and end.

    Commands here redraw whole lines: they go up, and write each line from its start. Raises ValueError for
    an escape sequence that means more than that.
    """
    decoder = AnsiDecoder()
    lines = [decoder.decode_line(line) for line in _overwrite(output)]
    shown = [part for line in lines for part in _wrap(line, columns)]
    while shown and not shown[-1].plain:
        shown.pop()
    while shown and not shown[0].plain:
        shown.pop(0)
    return shown


def _overwrite(output: str) -> list[str]:
    lines, row, is_at_start, style = [""], 0, True, ""
    for token in _TOKEN.finditer(output):
        text = token.group()
        match token.lastgroup:
            case "start":
                is_at_start = True
            case "down":
                lines[row] += style if is_at_start else ""
                row, is_at_start, style = row + 1, True, ""
                lines.extend([""] * (row + 1 - len(lines)))
            case "up":
                row, is_at_start, style = row - int(token["up"] or 1), True, ""
            case "erase":
                lines[row] = "" if is_at_start else lines[row]
            case "style" if is_at_start:
                style += text
            case "text" if is_at_start:
                lines[row], is_at_start, style = style + text, False, ""
            case "style" | "text":
                lines[row] += text
            case "unknown":
                raise ValueError(f"the screen does not know {output[token.start() :][:20]!r}")
    return lines


def _wrap(line: Text, columns: int) -> Iterator[Text]:
    line.rstrip()
    while len(line) > columns:
        part, line = line.divide([columns])
        yield part
    yield line
