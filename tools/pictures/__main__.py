"""`make pictures`: makes all pictures, or those that are named: `make pictures PICTURES=report-page`."""

import argparse

from playwright.sync_api import Browser

from tools.pictures import pages, sources, terminals
from tools.pictures.browser import chromium
from tools.pictures.screen import read_screen
from tools.pictures.svg import SCHEMES, render_svg
from tools.pictures.terminal import COLUMNS


def main() -> None:
    """Make the pictures and record what each was made from."""
    names = [*terminals.TERMINALS, *pages.PAGES]
    parser = argparse.ArgumentParser(prog="python -m tools.pictures", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"pictures to make (default: {' '.join(names)})"
    )
    wanted = parser.parse_args().names or names
    if unknown := set(wanted) - set(names):
        parser.error(f"no picture has the name {', '.join(unknown)}: choose from {', '.join(names)}")
    sources.PICTURES.mkdir(parents=True, exist_ok=True)
    for name in terminals.TERMINALS.keys() & wanted:
        _make_terminal(name)
    if pages_wanted := pages.PAGES.keys() & wanted:
        with chromium() as browser:
            for name in pages_wanted:
                _make_page(browser, name)


def _make_terminal(name: str) -> None:
    picture = terminals.TERMINALS[name]
    output = picture.run()
    lines = read_screen(sources.replace_volatile(output), COLUMNS)
    for scheme in SCHEMES:
        _write(f"{name}-{scheme}.svg", render_svg(lines, COLUMNS, scheme).encode())
    sources.record(name, picture.source(output))


def _make_page(browser: Browser, name: str) -> None:
    page = pages.PAGES[name]
    for scheme in SCHEMES:
        _write(f"{name}-{scheme}.png", page.draw(browser, scheme))
    sources.record(name, page.source(browser))


def _write(name: str, content: bytes) -> None:
    (sources.PICTURES / name).write_bytes(content)
    print(f"docs/assets/pictures/{name}  {len(content) / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main()
