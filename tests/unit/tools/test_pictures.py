"""The pictures in docs/assets/pictures show what the report is now; test_pictures.py in e2e has the others."""

import re
import struct
import zlib
from xml.etree import ElementTree as ET

import pytest
from rich.text import Text

from rootfi_pulumi.cli.report import wording
from tools.pictures import pages, sources, terminals
from tools.pictures.png import encode_png
from tools.pictures.screen import read_screen
from tools.pictures.svg import SCHEMES, THEMES, Scheme, render_svg

MOST_BYTES = 100_000
LEAST_CONTRAST = 4.5
SVG = "{http://www.w3.org/2000/svg}"


def report_terminal() -> str:
    picture = terminals.TERMINALS["report-terminal"]
    return picture.source(picture.run())


SOURCES = {
    "report-page": pages.report_source,
    "report-summary": pages.summary_source,
    "report-terminal": report_terminal,
}


@pytest.mark.parametrize("name", SOURCES)
def test_picture_shows_the_report_of_today(name: str) -> None:
    assert sources.staleness(name, SOURCES[name]()) == ""


def test_picture_of_a_changed_page_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = pages.report_source().replace("border-radius", "border-width", 1)
    assert "make pictures PICTURES=report-page" in sources.staleness("report-page", changed)
    monkeypatch.setattr(terminals, "print_table", lambda console, _: console.print(f"{wording.TITLE}!"))
    assert "make pictures PICTURES=report-terminal" in sources.staleness("report-terminal", report_terminal())


def test_each_picture_is_there_small_and_recorded() -> None:
    endings = {**dict.fromkeys(terminals.TERMINALS, "svg"), **dict.fromkeys(pages.PAGES, "png")}
    expected = {f"{name}-{scheme}.{ending}" for name, ending in endings.items() for scheme in SCHEMES}
    sizes = {path.name: path.stat().st_size for path in sources.PICTURES.iterdir()}
    assert sizes.keys() == expected | {sources.MANIFEST.name}
    assert max(sizes.values()) < MOST_BYTES
    assert sources.recorded().keys() == endings.keys()


@pytest.mark.parametrize(
    "change",
    [
        ("09:26:08", "23:59:01"),
        ("(0.55s)", "(12s)"),
        (":8080", ":43210"),
        ("v3.274.1", "v4.0.0"),
        (" ", "\n  "),
    ],
)
def test_digest_ignores_time_port_version_and_wrapping(change: tuple[str, str]) -> None:
    text = "2026-11-30 09:26:08Z created (0.55s) at 127.0.0.1:8080 by v3.274.1"
    assert sources.digest(text.replace(*change)) == sources.digest(text)
    assert sources.digest(text.replace("created", "made")) != sources.digest(text)


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ("one\r\ntwo\r\n", ["one", "two"]),
        ("\r\n\r\none\r\n\r\ntwo\r\n\r\n", ["one", "", "two"]),
        ("first   \x1b[K\r\nsecond\x1b[K\r\n\r\x1b[2Anew\x1b[K\r\n", ["new", "second"]),
        ("first\r\nsecond\r\n\x1b[2A\x1b[K\r\nlast\x1b[K\r\n", ["last"]),
        ("\x1b[?25lno cursor\x1b[?25h", ["no cursor"]),
        ("\x1b]11;?\x1b\\\x1b[6nasked", ["asked"]),
        ("abcdefghijkl", ["abcdefghij", "kl"]),
    ],
)
def test_screen_has_the_lines_that_remain(output: str, shown: list[str]) -> None:
    assert [line.plain for line in read_screen(output, 10)] == shown


def test_screen_keeps_the_colour_across_lines() -> None:
    [first, second] = read_screen("\x1b[38;5;2mone\r\n\x1b[0m\x1b[1mtwo\x1b[0m", 10)
    assert [first.markup, second.markup] == ["[color(2)]one[/color(2)]", "[bold]two[/bold]"]


def test_screen_refuses_what_it_cannot_draw() -> None:
    with pytest.raises(ValueError, match="5;5H"):
        read_screen("a\x1b[5;5Hb", 10)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_terminal_is_text_without_a_font_from_elsewhere(scheme: Scheme) -> None:
    drawn = render_svg([Text("$ pulumi up"), Text("└─ created", style="green")], 20, scheme)
    texts = [each.text or "" for each in ET.fromstring(drawn).iter(f"{SVG}text")]
    assert [text.replace("\xa0", " ") for text in texts if text.strip()] == ["$ pulumi up", "└─ created"]
    assert re.findall(r"https?://[^\s\"]+|@import|@font-face", drawn) == ["http://www.w3.org/2000/svg"]


def luminance(colour: tuple[int, ...]) -> float:
    """See https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in colour)
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_colour_of_a_terminal_is_readable(scheme: Scheme) -> None:
    theme = THEMES[scheme]
    background = luminance(theme.background_color)
    for colour in [theme.foreground_color, *(theme.ansi_colors[number] for number in range(16))]:
        darker, lighter = sorted((background, luminance(tuple(colour))))
        assert (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST, colour


def test_png_has_the_pixels_of_its_palette() -> None:
    png = encode_png(2, bytes([255, 0, 0, 0, 0, 255]), bytes([0, 1, 1, 0]))
    chunks, rest = {}, png[8:]
    while rest:
        length, kind = struct.unpack(">I4s", rest[:8])
        data, checksum = rest[8 : 8 + length], rest[8 + length : 12 + length]
        assert checksum == struct.pack(">I", zlib.crc32(kind + data))
        chunks[kind], rest = data, rest[12 + length :]
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (2, 2)
    assert zlib.decompress(chunks[b"IDAT"]) == bytes([0, 0, 1, 0, 1, 0])
