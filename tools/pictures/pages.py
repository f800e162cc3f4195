"""The pages that pictures show: the HTML report, the Markdown summary and the emulator's page."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

import requests
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from rootfi_pulumi.cli.report.html import render_html
from rootfi_pulumi.cli.report.markdown import render_markdown
from rootfi_pulumi.emulator import Emulator, Fault
from tools.pictures.browser import photograph, window
from tools.pictures.matrix import THREE_STACKS
from tools.pictures.sources import replace_volatile
from tools.pictures.svg import Scheme

_REPORT_SIZE = ViewportSize(width=1200, height=960)
_SUMMARY_SIZE = ViewportSize(width=900, height=400)
_EMULATOR_SIZE = ViewportSize(width=1280, height=720)
# The page is shown at this address, wherever the emulator listens.
_ADDRESS = "http://127.0.0.1:8080"
_PATIENCE = 60  # seconds
_KEY = "the-key-of-dev"
# The marks as GitHub's readers see them: a machine that makes pictures may have no font with them.
_MARKS = {
    "🟢": "#78b159",
    "⚪": "#e6e7e8",
    "🟡": "#fdcb58",
    "🟣": "#aa8ed6",
    "🔴": "#dd2e44",
    "🟠": "#f4900c",
}
_CIRCLE = '<svg class="mark" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="{}"/></svg>'
_SUMMARY_PAGE = Path(__file__).with_name("summary.html")


@dataclass(frozen=True)
class PagePicture:
    """A picture of a page: what it is made from, and how it is taken."""

    source: Callable[[Browser], str]
    draw: Callable[[Browser, Scheme], bytes]


def report_source() -> str:
    """Return the HTML report."""
    return render_html(THREE_STACKS)


def summary_source() -> str:
    """Return the Markdown summary."""
    return render_markdown(THREE_STACKS)


def emulator_source(browser: Browser) -> str:
    """Return the emulator's page as a browser shows it, and its style."""
    page_files = files("rootfi_pulumi.emulator").joinpath("browser").iterdir()
    styles = [each.read_text() for each in page_files if each.name.endswith(".css")]
    with _emulator_page(browser, "light") as page:
        shown: str = page.evaluate("document.documentElement.outerHTML")
    return re.sub(r"/\*.*?\*/", "", "\n".join([shown, *sorted(styles)]), flags=re.DOTALL)


def _draw_report(browser: Browser, scheme: Scheme) -> bytes:
    with window(browser, scheme, _REPORT_SIZE) as page:
        page.set_content(report_source())
        return photograph(page)


def _draw_summary(browser: Browser, scheme: Scheme) -> bytes:
    """Photograph the Markdown summary in GitHub's colours and sizes."""
    body = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(summary_source())
    for mark, colour in _MARKS.items():
        body = body.replace(mark, _CIRCLE.format(colour))
    with window(browser, scheme, _SUMMARY_SIZE) as page:
        page.set_content(Template(_SUMMARY_PAGE.read_text()).substitute(body=body))
        return photograph(page, is_whole=True)


def _draw_emulator(browser: Browser, scheme: Scheme) -> bytes:
    with _emulator_page(browser, scheme) as page:
        return photograph(page)


PAGES = {
    "report-page": PagePicture(lambda _: report_source(), _draw_report),
    "report-summary": PagePicture(lambda _: summary_source(), _draw_summary),
    "emulator": PagePicture(emulator_source, _draw_emulator),
}


@contextmanager
def _emulator_page(browser: Browser, scheme: Scheme) -> Iterator[Page]:
    """Open the page of an emulator that has got some requests, and holds the last."""
    with Emulator() as emulator, window(browser, scheme, _EMULATOR_SIZE) as page:
        emulator.add_organisation(_KEY, name="dev")
        held = _send_requests(emulator)
        page.route("**", lambda route: _pass_on(route, emulator))
        page.goto(f"{_ADDRESS}/")
        expect(page.locator("#log > li")).to_have_count(len(emulator.requests))
        yield page
        page.unroute_all(behavior="ignoreErrors")
        emulator.release()
        held.join()


def _send_requests(emulator: Emulator) -> threading.Thread:
    """Create two integrations, the second without an answer, and let a third create be held."""
    _create(emulator, "XERO")
    emulator.inject(Fault(operation="create", hang_up="after"))
    _create(emulator, "QUICKBOOKS")
    _send(emulator, "GET", "/integrations/1234")
    emulator.inject(Fault(operation="create", hold=True))
    held = threading.Thread(target=_create, args=(emulator, "SAGE_CLOUD_ACCOUNTING"))
    held.start()
    emulator.wait_until_held()
    emulator.inject(Fault(operation="read", status=503))
    return held


def _create(emulator: Emulator, integration_type: str) -> None:
    body = {
        "integration_type": integration_type,
        "client_id": f"{integration_type.partition('_')[0].lower()}-dev",
        "client_secret": "masked on the page",
    }
    _send(emulator, "POST", "/integrations", body)


def _send(emulator: Emulator, method: str, path: str, body: dict[str, str] | None = None) -> None:
    headers = {"api_key": _KEY, "User-Agent": "rootfi-pulumi"}
    with suppress(requests.ConnectionError):  # a fault ends the connection
        requests.request(method, emulator.url + path, json=body, headers=headers, timeout=_PATIENCE)


def _pass_on(route: Route, emulator: Emulator) -> None:
    """Answer for the emulator at a fixed address, with fixed times."""
    # The emulator refuses requests from pages of another address.
    headers = {name: value for name, value in route.request.headers.items() if name != "origin"}
    answer = route.fetch(url=route.request.url.replace(_ADDRESS, emulator.url), headers=headers)
    if "/_emulator/live" in route.request.url:
        route.fulfill(response=answer, body=_with_fixed_times(answer.text()))
    else:
        route.fulfill(response=answer)


def _with_fixed_times(changes: str) -> str:
    news = json.loads(replace_volatile(changes))
    for number, request in enumerate(news["requests"]):
        request["arrived_at"] = f"2026-11-25T09:26:{number * 4 + 10:02}Z"
        if request["seconds"] is not None:
            request["seconds"] = 0.012
    return json.dumps(news)
