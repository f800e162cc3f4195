"""Draws the lines of a terminal as SVG: selectable text in the reader's monospace font."""

import io
import math
from collections.abc import Sequence
from typing import Literal

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def _theme(background: str, foreground: str, normal: str, bright: str) -> TerminalTheme:
    """Build a theme from hexadecimal colours: black, red, green, yellow, blue, magenta, cyan, white."""
    return TerminalTheme(
        _rgb(background),
        _rgb(foreground),
        [_rgb(each) for each in normal.split()],
        [_rgb(each) for each in bright.split()],
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour)
    return red, green, blue


# GitHub's colours; each has a contrast of at least 4.5 on its background.
THEMES = {
    "light": _theme(
        "ffffff",
        "1f2328",
        "24292f cf222e 116329 7d4e00 0969da 8250df 1b7c83 656d76",
        "57606a a40e26 1a7f37 633c01 0550ae 8250df 186770 57606a",
    ),
    "dark": _theme(
        "0d1117",
        "e6edf3",
        "8b949e ff7b72 3fb950 d29922 58a6ff bc8cff 39c5cf b1bac4",
        "8b949e ffa198 56d364 e3b341 79c0ff d2a8ff 56d4dd e6edf3",
    ),
}
# Rich's own format has a title bar and fonts from the network. Its cells are 12.2 by 24.4 units.
_CELL, _LINE, _MARGIN = 12.2, 24.4, 16
_FORMAT = """\
<svg viewBox="0 0 WIDTH HEIGHT" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font: {char_height}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }}
{styles}
</style>
<defs>{lines}</defs>
<rect x="1" y="1" width="INNER-WIDTH" height="INNER-HEIGHT" rx="8" fill="BACKGROUND" stroke="BORDER"/>
<g transform="translate(MARGIN MARGIN)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""
_BORDER = {"light": "#d0d7de", "dark": "#3d444d"}


def render_svg(lines: Sequence[Text], columns: int, scheme: Scheme) -> str:
    """Return the picture of a terminal with these lines, in a light or dark theme."""
    theme = THEMES[scheme]
    console = Console(
        width=columns,
        record=True,
        file=io.StringIO(),
        color_system="truecolor",
        force_terminal=True,
        legacy_windows=False,
        _environ={},
    )
    for line in lines:
        console.print(line, no_wrap=True, overflow="ignore", crop=False)
    width = math.ceil(columns * _CELL + 2 * _MARGIN)
    height = math.ceil(len(lines) * _LINE + 2 * _MARGIN)
    values = {
        "INNER-WIDTH": width - 2,
        "INNER-HEIGHT": height - 2,
        "WIDTH": width,
        "HEIGHT": height,
        "MARGIN": _MARGIN,
        "BACKGROUND": theme.background_color.hex,
        "BORDER": _BORDER[scheme],
    }
    layout = _FORMAT
    for name, value in values.items():
        layout = layout.replace(name, str(value))
    return console.export_svg(theme=theme, code_format=layout, unique_id="t")
