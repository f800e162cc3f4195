"""Which clients may use the page and the control routes."""

from collections.abc import Callable

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, Fault, RateLimit
from tests.support.patience import PATIENCE

Visit = Callable[..., requests.Response]
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FOREIGN_NAMES = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:80",
    "127.0.0.1@evil.example",
    "10.0.0.7",
    "0.0.0.0",
    "localhost:80:80",
    "x",
]


@pytest.fixture
def ask(emulator: Emulator) -> Visit:
    """Send a request without a key, as a browser or a program does."""

    def ask(method: str, path: str, headers: dict[str, str], body: object = None) -> requests.Response:
        return requests.request(method, emulator.url + path, headers=headers, json=body, timeout=PATIENCE)

    return ask


def test_a_browser_gets_the_page_at_the_root(ask: Visit) -> None:
    answer = ask("GET", "/", BROWSER)
    assert (answer.status_code, answer.headers["Content-Type"], "<title>RootFi emulator" in answer.text) == (
        200,
        "text/html; charset=utf-8",
        True,
    )


@pytest.mark.parametrize(
    ("method", "path", "accept"),
    [
        ("GET", "/", "*/*"),
        ("GET", "/", "application/json"),
        ("HEAD", "/", "text/html"),
        ("POST", "/", "text/html"),
        ("GET", "/index.html", "text/html"),
        ("GET", "/_emulator", "text/html"),
    ],
)
def test_anything_else_is_404_as_at_rootfi(ask: Visit, method: str, path: str, accept: str) -> None:
    assert ask(method, path, {"Accept": accept}).status_code == 404


def test_opening_the_page_is_no_request_to_rootfi(ask: Visit, emulator: Emulator) -> None:
    emulator.inject(Fault(status=503))
    emulator.rate_limit = RateLimit(requests=1)
    answers = [ask("GET", "/", BROWSER).status_code for _ in range(2)]
    assert (answers, emulator.requests) == ([200, 200], [])


@pytest.mark.parametrize(
    "path", ["/", "/_emulator/requests", "/_emulator/page/main.js", "/_emulator/openapi.json"]
)
def test_every_answer_keeps_foreign_content_out(ask: Visit, path: str) -> None:
    headers = ask("GET", path, BROWSER).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["style-src"], policy["frame-ancestors"]) == (
        "'none'",
        "'self'",
        "'self'",
        "'none'",
    )
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")


def test_rootfis_own_answers_have_none_of_these_headers(ask: Visit) -> None:
    headers = ask("GET", "/integrations/1", BROWSER).headers
    assert [name for name in ("Content-Security-Policy", "Cache-Control") if name in headers] == []


@pytest.mark.parametrize("path", ["/", "/_emulator/requests", "/_emulator/live", "/_emulator/page/main.js"])
@pytest.mark.parametrize("host", FOREIGN_NAMES)
def test_a_foreign_name_that_leads_here_is_403(ask: Visit, path: str, host: str) -> None:
    assert ask("GET", path, {**BROWSER, "Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9000", "127.0.0.1:1", "[::1]:8080"])
def test_this_machines_names_are_let_in_with_any_port(ask: Visit, host: str) -> None:
    own = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    assert ask("POST", "/_emulator/release", own).status_code == 204


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "faults", {"status": 503}),
        ("DELETE", "faults", None),
        ("DELETE", "requests", None),
        ("POST", "release", None),
        ("PATCH", "settings", {"secrets": "null"}),
        ("POST", "organisations", {"api_key": "theirs"}),
        ("POST", "reset", None),
        ("GET", "requests", None),
        ("GET", "live", None),
    ],
)
def test_another_web_page_can_neither_drive_nor_read(
    ask: Visit, headers: dict[str, str], method: str, path: str, body: object
) -> None:
    answer = ask(method, f"/_emulator/{path}", headers, body)
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        403,
        "other web pages may not use the control routes",
    )


def test_what_is_refused_has_no_effect(ask: Visit, emulator: Emulator, api_key: str) -> None:
    ask("POST", "/_emulator/reset", {"Origin": "https://evil.example"})
    assert emulator.organisation_id(api_key) == 123


def test_no_answer_allows_requests_from_another_page(ask: Visit) -> None:
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = ask("OPTIONS", "/_emulator/faults", preflight)
    assert [name for name in answer.headers if name.lower().startswith("access-control-")] == []


def test_a_link_on_another_site_opens_the_page(ask: Visit) -> None:
    assert ask("GET", "/", {**BROWSER, "Sec-Fetch-Site": "cross-site"}).status_code == 200
