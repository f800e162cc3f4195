"""Settings: reading a file, changing them over HTTP, and the effect of each on responses."""

import json
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, MethodAnswers, RateLimit, Settings, state
from rootfi_pulumi.emulator.settings import from_file
from tests.support.patience import PATIENCE

Call = Callable[..., requests.Response]
Create = Callable[..., dict[str, Any]]

SECRET = "a-secret"
TO_CREATE: dict[str, Any] = {"integration_type": "XERO", "client_id": "an-id", "client_secret": SECRET}
TO_REPLACE = {"client_id": "new-id", "client_secret": "new-secret", "is_disabled": True}


def test_file_sets_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"bad_key": 403, "put": {"status": 202}, "rate_limit": {"requests": 7}}')
    wanted = Settings(bad_key=403, put=MethodAnswers(status=202), rate_limit=RateLimit(requests=7))
    assert from_file(str(path)) == wanted


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"bad_keys": 403}', ": bad_keys is unknown: did you mean bad_key?"),
        ('{"bad_key": 200}', ": bad_key must be a whole number from 400 to 499"),
        (
            '{"put_enables": "no"}',
            ': put_enables must be a whole number from 400 to 499 or "honoured" or "ignored"',
        ),
        ('{"post": {"state": 201}}', ": post.state is unknown: did you mean status?"),
        ("[]", ": the settings must be an object"),
        ('{\n"bad_key": 403\n"b": 1}', ":3: is not JSON"),
        ("[" * 100_000, ": is nested too deeply"),
        ("\udcff", ": is not text in UTF-8"),
    ],
)
def test_bad_file_is_one_clear_line(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ArgumentTypeError) as raised:
        from_file(str(path))
    assert str(raised.value) == f"{path}{problem}"


def test_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ArgumentTypeError, match="No such file or directory"):
        from_file(str(tmp_path / "none.json"))


def test_patch_leaves_other_settings(emulator: Emulator) -> None:
    emulator.settings = Settings(bad_key=403, rate_limit=RateLimit())
    url = f"{emulator.url}/_emulator/settings"
    answered = requests.patch(url, json={"unknown_id": 410}, timeout=PATIENCE).json()
    wanted = Settings(bad_key=403, unknown_id=410, rate_limit=RateLimit())
    assert (answered, emulator.settings) == (json.loads(wanted.model_dump_json()), wanted)


def test_reset_restores_default_settings(emulator: Emulator) -> None:
    emulator.settings = Settings(bad_key=403, rate_limit=RateLimit())
    emulator.reset()
    assert emulator.settings == Settings()


@pytest.mark.parametrize("method", ["POST", "GET", "PUT"])
def test_method_has_its_own_answers(create: Create, call: Call, emulator: Emulator, method: str) -> None:
    create()
    answers = MethodAnswers(status=202, envelope="bare", secrets="null")
    emulator.settings = Settings.model_validate({method.lower(): answers})
    answered = {
        "POST": call("POST", "/integrations", TO_CREATE),
        "GET": call("GET", "/integrations/1234"),
        "PUT": call("PUT", "/integrations/1234", TO_REPLACE),
    }
    changed = answered.pop(method)
    assert (changed.status_code, changed.json()["client_secret"]) == (202, None)
    assert [(each.status_code, bool(each.json()["data"]["client_secret"])) for each in answered.values()] == [
        (200, True)
    ] * 2


@pytest.mark.parametrize(
    "case",
    [
        ({"unknown_id": 418}, "GET", "/integrations/99", None),
        ({"unknown_id": 418}, "PUT", "/integrations/99", TO_REPLACE),
        ({"bad_body": 418}, "POST", "/integrations", []),
        ({"is_disabled_on_post": 418}, "POST", "/integrations", TO_CREATE | {"is_disabled": True}),
        ({"bad_body": 418}, "GET", "/integrations/none", None),
        ({"missing_member": 418}, "POST", "/integrations", {"integration_type": "XERO"}),
        ({"put_without_identity": 418}, "PUT", "/integrations/1", TO_REPLACE),
    ],
)
def test_refusal_has_the_status_that_is_set(call: Call, emulator: Emulator, key: str, case: Any) -> None:
    settings, method, path, body = case
    emulator.add_integration(key, rootfi_id=1, **TO_CREATE)
    emulator.settings = Settings.model_validate(settings)
    assert call(method, path, body).status_code == 418


@pytest.mark.parametrize("body", ["{}", "{"])
def test_bad_key_has_the_status_that_is_set(call: Call, emulator: Emulator, body: str) -> None:
    emulator.settings = Settings(bad_key=403)
    headers = {"api_key": "unknown", "Content-Type": "application/json"}
    assert call("POST", "/integrations", data=body, headers=headers).status_code == 403


def test_foreign_id_has_the_status_that_is_set(create: Create, call: Call, emulator: Emulator) -> None:
    create()
    emulator.settings = Settings(foreign_id=403)
    other = {"api_key": emulator.add_organisation()}
    assert call("GET", "/integrations/1234", headers=other).status_code == 403


def test_second_post_can_replace_the_first(create: Create, emulator: Emulator) -> None:
    create()
    emulator.second_post = "replace"
    second = create(client_id="another")
    assert (second["rootfi_id"], second["client_id"]) == (1234, "another")


def test_second_post_has_the_status_that_is_set(
    create: Create, call: Call, emulator: Emulator, to_create: dict[str, Any]
) -> None:
    create()
    emulator.settings = Settings(second_post="conflict", second_post_status=422)
    assert call("POST", "/integrations", to_create).status_code == 422


def test_accepted_missing_member_stays_as_it_was(create: Create, call: Call, emulator: Emulator) -> None:
    create()
    emulator.settings = Settings(missing_member="accepted")
    call("PUT", "/integrations/1234", {"client_id": "new"})
    stored = emulator.integration(1234)
    assert (stored.client_id, stored.client_secret, stored.is_disabled) == ("new", SECRET, False)


def test_accepted_missing_member_of_a_post_is_empty(call: Call, emulator: Emulator) -> None:
    emulator.settings = Settings(missing_member="accepted")
    call("POST", "/integrations", {"integration_type": "XERO"})
    assert emulator.integration(1234).client_secret == ""


def test_put_without_identity_can_keep_it(create: Create, call: Call, emulator: Emulator) -> None:
    create(is_rootfi_identity=True)
    emulator.settings = Settings(put_without_identity="kept")
    call("PUT", "/integrations/1234", TO_REPLACE)
    assert emulator.integration(1234).is_rootfi_identity is True


@pytest.mark.parametrize(
    ("value", "asked", "is_disabled"),
    [("honoured", True, True), ("honoured", False, False), ("ignored", True, False)],
)
def test_is_disabled_on_post_is_as_set(
    create: Create, emulator: Emulator, value: str, asked: bool, is_disabled: bool
) -> None:
    emulator.settings = Settings.model_validate({"is_disabled_on_post": value})
    assert create(is_disabled=asked)["is_disabled"] is is_disabled


@pytest.mark.parametrize("case", [("honoured", 200, False), ("ignored", 200, True), (409, 409, True)])
def test_put_enables_as_set(create: Create, call: Call, emulator: Emulator, case: Any) -> None:
    value, status, is_disabled = case
    create()
    emulator.edit(1234, is_disabled=True)
    emulator.settings = Settings(put_enables=value)
    answer = call("PUT", "/integrations/1234", TO_REPLACE | {"is_disabled": False})
    assert (answer.status_code, emulator.integration(1234).is_disabled) == (status, is_disabled)


def test_get_sees_a_post_when_the_time_is_over(
    create: Create, call: Call, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(state, "monotonic", lambda: now[0])
    emulator.settings = Settings(visible_after=2)
    create()
    seen = [call("GET", "/integrations/1234").status_code]
    now[0] += 2
    seen.append(call("GET", "/integrations/1234").status_code)
    assert seen == [404, 200]


def test_put_that_enables_nothing_leaves_an_enabled_one(
    create: Create, call: Call, emulator: Emulator
) -> None:
    create()
    emulator.settings = Settings(put_enables="ignored")
    call("PUT", "/integrations/1234", TO_REPLACE | {"is_disabled": False})
    assert not emulator.integration(1234).is_disabled


@pytest.mark.parametrize(
    "case",
    [
        ("string", "1234", "none"),
        ("uuid", "00000000-0000-0000-0000-0000000004d2", "1234"),
    ],
)
def test_id_is_in_the_format_that_is_set(create: Create, call: Call, emulator: Emulator, case: Any) -> None:
    id_format, rootfi_id, elsewhere = case
    emulator.settings = Settings.model_validate({"id_format": id_format})
    created = create()["rootfi_id"]
    statuses = [call("GET", f"/integrations/{each}").status_code for each in (created, elsewhere)]
    assert (created, statuses) == (rootfi_id, [200, 400])


@pytest.mark.parametrize(
    ("timestamp_format", "written"),
    [
        ("utc", "2021-08-10T15:00:00.000Z"),
        ("offset", "2021-08-10T15:00:00.000+00:00"),
        ("epoch_seconds", 1628607600),
        ("epoch_milliseconds", 1628607600000),
    ],
)
def test_timestamp_is_in_the_format_that_is_set(
    create: Create,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    timestamp_format: str,
    written: Any,
) -> None:
    emulator.settings = Settings.model_validate({"timestamp_format": timestamp_format})
    create()
    monkeypatch.setattr(state, "timestamp", lambda: "2021-08-10T15:00:00.000Z")
    emulator.edit(1234, client_id="new")
    emulator.second_post = "existing"
    assert create()["rootfi_updated_at"] == written
