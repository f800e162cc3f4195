"""The pictures of the emulator's page and of real runs show what these are now."""

import pytest
from playwright.sync_api import Browser

from tools.pictures import pages, sources, terminals


@pytest.mark.browser
def test_picture_shows_the_emulators_page_of_today(chromium: Browser) -> None:
    assert sources.staleness("emulator", pages.PAGES["emulator"].source(chromium)) == ""


@pytest.mark.case
@pytest.mark.parametrize("name", ["pulumi-up", "unfinished"])
def test_picture_shows_the_messages_of_today(name: str) -> None:
    picture = terminals.TERMINALS[name]
    assert sources.staleness(name, picture.source(picture.run())) == ""
