import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootfi_pulumi.api.redaction import Redactor

SECRET = 'p\u00e4ss"word/+ with&all= kinds\\'


def redact(text: str, *secrets: str) -> str:
    redactor = Redactor()
    for secret in secrets:
        redactor.add(secret)
    return redactor.redact(text)


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        repr(SECRET)[1:-1],
        quote(SECRET),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
        SECRET.encode().hex(),
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
    ],
)
def test_every_usual_encoding_is_taken_out(form: str) -> None:
    assert form not in redact(f"before {form} after", SECRET)


@pytest.mark.parametrize("user", ["", "a", "ab", "abc"])
def test_a_secret_inside_a_basic_authorization_is_taken_out(user: str) -> None:
    whole = base64.b64encode(f"{user}:{SECRET}:x".encode()).decode()
    assert "[secret]" in redact(whole, SECRET)


def test_a_secret_that_contains_another_goes_as_a_whole() -> None:
    assert redact("abcdef", "abc", "abcdef") == "[secret]"


def test_text_without_secrets_is_unchanged() -> None:
    assert redact("nothing here", "hunter2") == "nothing here"


@pytest.mark.parametrize("secret", ["", None])
def test_nothing_to_hide_is_ignored(secret: str) -> None:
    assert redact("text", secret) == "text"


def test_repr_shows_no_secret() -> None:
    redactor = Redactor()
    redactor.add("hunter2")
    assert "hunter2" not in repr(redactor)


@given(secret=st.text(min_size=1), before=st.text(), after=st.text())
def test_no_secret_survives_however_short_or_strange(secret: str, before: str, after: str) -> None:
    redacted = redact(before + secret + after, secret)
    assert secret not in redacted.replace("[secret]", "")


@pytest.mark.parametrize("quoted", ["HUNTER-i", "hunter-\u0130", "hunter-\u0131"])
def test_a_secret_in_other_letters_case_is_taken_out(quoted: str) -> None:
    assert redact(f"<{quoted}>", "hunter-i") == "<[secret]>"


def test_each_secret_of_a_large_stack_is_taken_out() -> None:
    redactor = Redactor()
    secrets = [f"secret-of-client-{number}-{'x' * 40}" for number in range(500)]
    for secret in secrets:
        redactor.add(secret)
        assert redactor.redact(f"<{secret}>") == "<[secret]>"
