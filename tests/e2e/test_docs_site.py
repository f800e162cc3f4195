"""The documentation as a site: built strictly, and read in Chromium without anything from outside."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Locator, ViewportSize, expect

from tests.support.pages.browser import DESK, PHONE, visit
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY
from tests.support.session_folder import made_once

pytestmark = pytest.mark.browser

PAGES = sorted(page.stem for page in (REPOSITORY / "docs").glob("*.md"))


def build(folder: Path, *options: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", *options],
        cwd=folder,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built site."""

    def write(folder: Path) -> None:
        done = build(REPOSITORY, "--site-dir", folder)
        assert done.returncode == 0, done.stdout

    folder = made_once(tmp_path_factory, "site", write)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """What the site is built from, to be broken."""
    for name in ("docs", "rootfi_pulumi"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tools").mkdir()
    for name in ("mkdocs.yml", "tools/docs_hooks.py"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("page", "text", "told"),
    [
        ("index.md", "[x](no-such-page.md)", "no-such-page.md"),
        ("index.md", "[x](recovery.md#no-such-heading)", "no-such-heading"),
        ("index.md", "[x](../README.md)", "README.md"),
        ("index.md", "[x](/recovery.html)", "/recovery.html"),
        ("orphan.md", "# A page outside the navigation", "orphan.md"),
    ],
)
def test_what_leads_nowhere_fails_the_build(page: str, text: str, told: str, source: Path) -> None:
    with (source / "docs" / page).open("a") as file:
        file.write(f"\n{text}\n")
    done = build(source)
    assert done.returncode == 1, done.stdout
    assert told in done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_a_page_requests_only_its_own_site(page: str, site: str, chromium: Browser) -> None:
    with visit(chromium, f"{site}{page}.html") as visited:
        visited.page.wait_for_load_state("networkidle")
        assert visited.errors == []
        assert [url for url in visited.asked if not url.startswith((site, "data:", "blob:"))] == []


@pytest.mark.parametrize("page", ["index", "reference", "faults", "declare", "report"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_page_can_be_read_by_everyone(
    viewport: ViewportSize, scheme: Any, page: str, site: str, chromium: Browser
) -> None:
    with visit(chromium, f"{site}{page}.html", viewport=viewport, scheme=scheme) as visited:
        background = "rgb(255, 255, 255)" if scheme == "light" else "rgb(30, 33, 41)"
        expect(visited.page.locator("body")).to_have_css("background-color", background)
        # The theme puts each block's copy button into a landmark of its own.
        assert [each for each in visited.violations() if not each.startswith("landmark-unique")] == []
        assert not visited.overflows()


def test_the_colours_can_be_chosen(site: str, chromium: Browser) -> None:
    with visit(chromium, site) as visited:
        visited.page.get_by_title("Dark").click()
        expect(visited.page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
        visited.page.get_by_title("Light").click()
        expect(visited.page.locator("body")).to_have_attribute("data-md-color-scheme", "default")


def test_the_search_finds_a_message_and_leads_to_its_remedy(site: str, chromium: Browser) -> None:
    with visit(chromium, site) as visited:
        visited.page.get_by_role("textbox", name="Search").focus()
        # Typed key by key: the theme listens to keys.
        expect(visited.page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
        visited.page.get_by_role("textbox", name="Search").press_sequentially("failed to load checkpoint")
        visited.page.locator(".md-search-result__link").first.click()
        visited.page.wait_for_url("**/recovery.html**")
        assert visited.errors == []


def test_the_search_leaves_out_the_table_of_faults(site: str) -> None:
    index = requests.get(f"{site}search/search_index.json", timeout=PATIENCE).json()
    faults = "".join(each["text"] for each in index["docs"] if each["location"].startswith("faults.html"))
    assert "A test plays each cell" in faults
    assert "a truncated body" not in faults


def place(locator: Locator) -> tuple[float, float]:
    """Return where an element is in the window, in pixels from the left and the top."""
    box = locator.bounding_box()
    assert box
    return box["x"], box["y"]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_table_of_faults_keeps_its_header_and_first_column(
    viewport: ViewportSize, site: str, chromium: Browser
) -> None:
    with visit(chromium, f"{site}faults.html", viewport=viewport) as visited:
        table = visited.page.locator(".large")
        table.evaluate("window => window.scrollTo(300, 2000)")
        x, y = place(table)
        assert place(table.locator("thead th").first) == pytest.approx((x, y), abs=2)
        assert place(table.locator("thead th").last)[1] == pytest.approx(y, abs=2)
        cell = table.locator("tbody tr", has_text="a bad chunk").locator("td").first
        assert place(cell)[0] == pytest.approx(x, abs=2)


@pytest.mark.parametrize("page", ["declare", "report", "start"])
def test_a_name_in_a_table_is_never_broken(page: str, site: str, chromium: Browser) -> None:
    with visit(chromium, f"{site}{page}.html", viewport=PHONE) as visited:
        names = visited.page.locator("td code .name")
        expect(names.first).to_be_attached()
        assert names.evaluate_all("each => each.filter(name => name.getClientRects().length > 1)") == []
        assert not visited.overflows()


def test_the_first_page_opens_three_ways(site: str, chromium: Browser) -> None:
    for door, page in (
        ("Try it", "start.html"),
        ("Adopt what exists", "declare.html#adopt-what-exists"),
        ("Run it in a pipeline", "pipelines.html"),
    ):
        with visit(chromium, site, viewport=PHONE) as visited:
            # Anywhere on it, as a finger would.
            visited.page.locator(".doors li", has_text=door).click(position={"x": 20, "y": 20})
            visited.page.wait_for_url(f"**/{page}")


# Links in running text are as high as its lines.
SMALL = """
() => [...document.querySelectorAll("a, button, label[for], summary")]
    .filter(each => each.checkVisibility({opacityProperty: true, visibilityProperty: true}))
    .filter(each => !each.closest("p, li:not(.md-nav__item, .doors li)") && !each.matches(".doors a"))
    .filter(each => !(each.closest("td") && !each.matches("td:first-child > a:only-child")))
    .filter(each => { const box = each.getBoundingClientRect(); return box.width && box.height < 44; })
    .map(each => each.outerHTML)
"""


@pytest.mark.parametrize("page", ["index", "start", "cli"])
def test_what_is_touched_is_large_enough(page: str, site: str, chromium: Browser) -> None:
    with visit(chromium, f"{site}{page}.html", viewport=PHONE, has_touch=True) as visited:
        assert visited.page.evaluate(SMALL) == []
        visited.page.locator(".md-header label[for=__drawer]").click()
        expect(visited.page.locator(".md-nav--primary .md-nav__link").first).to_be_visible()
        assert visited.page.evaluate(SMALL) == []
