"""Answers that the emulator never gives."""

from typing import Any

import pytest

from tools.live import reading
from tools.live.exchange import Exchange
from tools.live.play import Seen
from tools.live.reading import Answer


def seen(step: str, status: int | None = 200, headers: Any = (), **members: Any) -> Seen:
    exchange = Exchange("PUT", status, dict(headers), {"data": {"rootfi_id": 1, **members}})
    return Seen(steps={step: exchange}, exchanges=[exchange])


@pytest.mark.parametrize(
    ("value", "phrase"),
    [(None, "missing"), ("yesterday", "another form"), (5, "another form"), ([], "another form")],
)
def test_timestamp_of_another_form_is_named(value: Any, phrase: str) -> None:
    assert reading.timestamp_format(seen("post", rootfi_created_at=value)) == Answer(phrase)


@pytest.mark.parametrize("value", ["int_1", True, 1.5])
def test_id_of_another_form_is_named(value: Any) -> None:
    assert reading.id_format(seen("post", rootfi_id=value)) == Answer("another text")


def test_answer_without_an_integration_is_named() -> None:
    found = Seen(steps={"get": Exchange("GET", 200, body={"ok": True})})
    assert reading.answer_of("get", "get")(found) == Answer("200, without an integration")


def test_refusal_that_is_none_is_named() -> None:
    assert reading.refusal_of("bad_key", "bad_key")(seen("bad_key")) == Answer("200: not refused")


@pytest.mark.parametrize(
    ("read", "step"),
    [
        (reading.put_without_identity, "without_identity"),
        (reading.is_disabled_on_post, "post_disabled"),
        (reading.put_enables, "enable"),
    ],
)
def test_answer_without_the_member_is_named(read: Any, step: str) -> None:
    found = seen(step)
    found.identity_was_set = True
    assert read(found) == Answer("accepted; the answer does not show the member")


def test_reset_or_kept_is_unknown_if_true_was_refused() -> None:
    found = reading.put_without_identity(seen("without_identity", is_rootfi_identity=False))
    assert found.settings == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Limit": "many", "X-RateLimit-Reset": "5"},
        {"X-RateLimit-Limit": "100"},
        {"X-RateLimit-Limit": "100", "X-RateLimit-Reset": "soon"},
    ],
)
def test_rate_limit_of_another_form_is_not_playable(headers: dict[str, str]) -> None:
    found = seen("post", headers=headers)
    assert reading.rate_limit(found).settings == {}


@pytest.mark.parametrize(("value", "phrase"), [("", "none"), ("30", "seconds"), ("soon", "in another form")])
def test_retry_after_has_its_form(value: str, phrase: str) -> None:
    assert reading.retry_after(seen("get", 503, {"Retry-After": value})).seen == phrase


def test_lost_answer_says_so() -> None:
    found = Seen(steps={"get": Exchange("GET", failure="no answer (ReadTimeout)")})
    answer = reading.answer_of("get", "get")(found)
    assert (answer.seen, answer.is_answered) == ("not answered: no answer (ReadTimeout)", False)


@pytest.mark.parametrize(
    ("left", "window"), [(0.0, 60), (37.0, 60), (59.9, 60), (61.0, 60), (90.0, 120), (3599.5, 3600)]
)
def test_window_is_in_whole_minutes(left: float, window: float) -> None:
    headers = {"X-RateLimit-Limit": "100", "X-RateLimit-Reset": "1900000000"}
    exchange = Exchange("GET", 200, headers, resets_in=left)
    assert reading.rate_limit(Seen(exchanges=[exchange])).settings["rate_limit.seconds"] == window
