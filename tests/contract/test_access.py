"""`doctor` classifies each response to a GET of an impossible id: wrong address or wrong key."""

from dataclasses import replace
from typing import Any

import pytest
import trustme

from rootfi_pulumi.cli.doctor.access import check_access
from rootfi_pulumi.cli.stack_settings import StackSettings
from rootfi_pulumi.declaration.settings import API_KEY, BASE_URL, CONCURRENCY, TIMEOUT
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.contract.tls_server import secure

# Faults for the GET with the stack's key. A second GET, with an invented key, follows only a documented 404.
ANSWERS: dict[str, tuple[dict[str, Any], str, str]] = {
    "the documented 404": ({}, "ok", "ok"),
    "that 404 for any key": ({"status": 404, "times": None}, "problem", "not checked"),
    "an integration for any other key": (
        {"body": '{"data": {"rootfi_id": 9007199254740991}}', "skip": 1},
        *("problem", "not checked"),
    ),
    "403 for any other key": ({"status": 403, "skip": 1}, "ok", "ok"),
    "400 for any other key": ({"status": 400, "skip": 1}, "ok", "ok"),
    "429 for any other key": ({"status": 429, "skip": 1, "times": None}, "ok", "not checked"),
    "500 for any other key": ({"status": 500, "skip": 1, "times": None}, "ok", "not checked"),
    "no answer for any other key": ({"hang_up": "before", "skip": 1, "times": None}, "ok", "not checked"),
    "a 404 in other words": ({"status": 404, "shape": "html"}, "problem", "not checked"),
    "an integration": ({"body": '{"data": {"rootfi_id": 9007199254740991}}'}, "ok", "ok"),
    "401": ({"status": 401}, "ok", "problem"),
    "403": ({"status": 403}, "ok", "problem"),
    "429": ({"status": 429, "times": None}, "ok", "not checked"),
    "500": ({"status": 500, "times": None}, "problem", "not checked"),
    "a redirect": ({"status": 302, "headers": {"Location": "https://x.example/"}}, "problem", "not checked"),
    "a web page": ({"body": "<html>", "content_type": "text/html"}, "problem", "not checked"),
    "no answer": ({"hang_up": "before", "times": None}, "problem", "not checked"),
}


def given(api_key: str | None = None, base_url: str | None = None, **others: str) -> StackSettings:
    keys = {"timeout": TIMEOUT.key, "concurrency": CONCURRENCY.key}
    values = {
        API_KEY.key: api_key,
        BASE_URL.key: base_url,
        **{keys[name]: each for name, each in others.items()},
    }
    return StackSettings(values)


@pytest.mark.parametrize(("fault", "url", "key"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_checks_both_address_and_key(
    emulator: Emulator, api_key: str, fault: dict[str, Any], url: str, key: str
) -> None:
    if fault:
        emulator.inject(Fault(**fault))
    found = check_access(given(api_key, emulator.url), "dev")
    assert [(each.subject, each.status.value) for each in found] == [("base URL", url), ("API key", key)]
    assert all(bool(each.remedy) == (each.status == "problem") for each in found)


@pytest.mark.parametrize("path", ["/v3", "/integrations", "/api/v1/"])
def test_wrong_path_is_no_endpoint(emulator: Emulator, api_key: str, path: str) -> None:
    [url, key] = check_access(given(api_key, f"{emulator.url}{path}"), "dev")
    assert (url.status, key.status) == ("problem", "not checked")
    assert "answers 404 to any API key" in url.message
    assert url.command == "pulumi config rm rootfi:baseUrl --stack dev"


@pytest.mark.parametrize("setting", ["timeout", "concurrency"])
def test_unusable_setting_is_no_bad_key(emulator: Emulator, api_key: str, setting: str) -> None:
    asked, found = check_access(given(api_key, emulator.url, **{setting: "0"}), "dev")
    assert (asked.status, found.status, found.subject) == ("not checked", "problem", "settings")
    assert found.message.startswith("rootfi:")
    assert not emulator.calls


def test_rootfis_own_message_is_shown_without_the_key(emulator: Emulator, api_key: str) -> None:
    emulator.inject(Fault(status=401, echo=True))
    [_, found] = check_access(given(api_key, emulator.url), "dev")
    assert "RootFi answers 401 " in found.message
    assert api_key not in found.message


def test_a_key_that_no_header_can_carry_is_not_sent(emulator: Emulator) -> None:
    [url, key] = check_access(given("with space ", emulator.url), "dev")
    assert (url.status, key.status, emulator.calls) == ("not checked", "problem", [])


@pytest.mark.parametrize("address", ["http://rootfi.example", "rootfi", "https://user@rootfi.example"])
def test_an_address_that_is_unsafe_is_not_asked(address: str) -> None:
    [url, key] = check_access(given("key", address), "a stack")
    assert (url.status, key.status) == ("problem", "not checked")
    assert url.command == "pulumi config rm rootfi:baseUrl --stack 'a stack'"


def test_the_default_address_has_no_command_to_fix_it(
    emulator: Emulator, api_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.inject(Fault(status=500, times=None))
    monkeypatch.setenv("ROOTFI_BASE_URL", emulator.url)
    assert check_access(given(api_key), None)[0].command == "unset ROOTFI_BASE_URL"
    settings = (API_KEY, replace(BASE_URL, default=emulator.url), TIMEOUT, CONCURRENCY)
    monkeypatch.setattr("rootfi_pulumi.declaration.settings.OF_A_CALL", settings)
    monkeypatch.delenv("ROOTFI_BASE_URL")
    assert check_access(given(api_key), None)[0].command == ""


def not_reached(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the finding and the advice if the address cannot be reached."""
    monkeypatch.setenv("ROOTFI_BASE_URL", url)
    [address, key] = check_access(given("key"), "dev")
    assert (address.status, address.command, key.status) == ("problem", "", "not checked")
    return f"{address.message}: {address.remedy}"


def test_unknown_ca_is_not_a_wrong_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with secure(trustme.CA().issue_cert("127.0.0.1")) as url:
        found = not_reached(url, monkeypatch)
    assert "CERTIFICATE_VERIFY_FAILED" in found
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "NO_PROXY"):
        assert name in found


def test_unusable_proxy_is_not_a_wrong_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "//user:hunter2@")
    found = not_reached("https://rootfi.example", monkeypatch)
    assert "https_proxy is not a proxy's address" in found
    assert "hunter2" not in found
