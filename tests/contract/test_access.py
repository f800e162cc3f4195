"""Each answer to the GET of an id that cannot exist is told for what it is: about the address or the key."""

from typing import Any

import pytest

from rootfi_pulumi.diagnosis.access import access
from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.stack_settings import StackSettings

ANSWERS: dict[str, tuple[dict[str, Any], str, str]] = {
    "the documented 404": ({}, "ok", "ok"),
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


@pytest.mark.parametrize(("fault", "url", "key"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_tells_of_the_address_and_of_the_key(
    emulator: Emulator, api_key: str, fault: dict[str, Any], url: str, key: str
) -> None:
    if fault:
        emulator.inject(Fault(**fault))
    found = access(StackSettings(api_key, emulator.url), "dev")
    assert [(each.subject, each.status.value) for each in found] == [("base URL", url), ("API key", key)]
    assert all(bool(each.remedy) == (each.status == "problem") for each in found)


def test_rootfis_own_words_are_told_without_the_key(emulator: Emulator, api_key: str) -> None:
    emulator.inject(Fault(status=401, echo=True))
    [_, found] = access(StackSettings(api_key, emulator.url), "dev")
    assert "RootFi says: 401 " in found.message
    assert api_key not in found.message


def test_a_key_that_no_header_can_carry_is_not_sent(emulator: Emulator) -> None:
    [url, key] = access(StackSettings("with space ", emulator.url), "dev")
    assert (url.status, key.status, emulator.calls) == ("not checked", "problem", [])


@pytest.mark.parametrize("address", ["http://rootfi.example", "rootfi", "https://user@rootfi.example"])
def test_an_address_that_is_unsafe_is_not_asked(address: str) -> None:
    [url, key] = access(StackSettings("key", address), "a stack")
    assert (url.status, key.status) == ("problem", "not checked")
    assert url.command == "pulumi config rm rootfi:baseUrl --stack 'a stack'"


def test_the_default_address_has_no_command_that_would_mend_it(
    emulator: Emulator, api_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.inject(Fault(status=500, times=None))
    monkeypatch.setenv("ROOTFI_BASE_URL", emulator.url)
    assert access(StackSettings(api_key), None)[0].command == "unset ROOTFI_BASE_URL"
    monkeypatch.setattr("rootfi_pulumi.api.settings.DEFAULT_BASE_URL", emulator.url)
    monkeypatch.delenv("ROOTFI_BASE_URL")
    assert access(StackSettings(api_key), None)[0].command == ""
