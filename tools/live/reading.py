"""Read one answer off what a run saw: a phrase for the table, and the settings that play it."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tools.live.created import Credentials
from tools.live.exchange import Exchange
from tools.live.play import Seen

_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:?\d\d")
_EPOCH_SECONDS, _EPOCH_MILLISECONDS = 1e9, 1e12
_ROUNDING = 2.0


@dataclass(frozen=True)
class Answer:
    """`seen` is a phrase without any text of RootFi's; `settings` plays it: dotted names and values.

    Without settings, the question has no answer (`is_answered`) or one that the emulator cannot play.
    """

    seen: str
    settings: dict[str, Any] = field(default_factory=dict)
    is_answered: bool = True


def answer_of(method: str, step: str) -> Callable[[Seen], Answer]:
    """Return what reads the status and envelope of a successful answer."""

    def read(seen: Seen) -> Answer:
        exchange = seen.steps.get(step)
        if exchange is None or not exchange.is_success:
            return _unanswered(seen, step)
        envelope = exchange.envelope
        phrases = {"wrapped": "in `data`", "bare": "without an envelope", None: "without an integration"}
        settings = {f"{method}.status": exchange.status, f"{method}.envelope": envelope}
        return Answer(f"{exchange.status}, {phrases[envelope]}", settings if envelope else {})

    return read


def secret_in(method: str, step: str) -> Callable[[Seen], Answer]:
    """Return what reads how an answer has the secret."""

    def read(seen: Seen) -> Answer:
        exchange = seen.steps.get(step)
        if exchange is None or not exchange.integration:
            return _unanswered(seen, step)
        kind = _secret_kind(exchange.integration, seen.first)
        phrases = {"plain": "shown", "masked": "masked", "null": "null", "omitted": "missing"}
        mask = {f"{method}.mask": exchange.integration["client_secret"]} if kind == "masked" else {}
        return Answer(phrases[kind], {f"{method}.secrets": kind} | mask)

    return read


def _secret_kind(integration: dict[str, Any], sent: Credentials) -> str:
    if "client_secret" not in integration:
        return "omitted"
    answered = integration["client_secret"]
    if answered is None:
        return "null"
    return "plain" if answered == sent.client_secret else "masked"


def refusal_of(step: str, setting: str) -> Callable[[Seen], Answer]:
    """Return what reads the status of a refusal; a success is an answer that nothing plays."""

    def read(seen: Seen) -> Answer:
        exchange = seen.steps.get(step)
        if exchange is None or exchange.status is None:
            return _unanswered(seen, step)
        if exchange.is_success:
            return Answer(f"{exchange.status}: not refused")
        return Answer(str(exchange.status), {setting: exchange.status})

    return read


def missing_member(seen: Seen) -> Answer:
    """Read what a body without a required member does."""
    exchange = seen.steps.get("missing")
    if exchange is not None and exchange.is_success:
        return Answer("accepted", {"missing_member": "accepted"})
    return refusal_of("missing", "missing_member")(seen)


def second_post(seen: Seen) -> Answer:
    """Read what a second POST of a type does."""
    first, second = seen.steps.get("post"), seen.steps.get("second")
    if first is None or second is None or second.status is None:
        return _unanswered(seen, "second")
    if not second.is_success:
        settings = {"second_post": "conflict", "second_post_status": second.status}
        return Answer(f"{second.status}: refused", settings)
    answered = second.integration
    if answered.get("rootfi_id") is None:
        return Answer("a success without an id")
    if answered["rootfi_id"] != first.integration["rootfi_id"]:
        return Answer("creates a second integration", {"second_post": "create"})
    if answered.get("client_id") == seen.second.client_id:
        return Answer("replaces the first integration", {"second_post": "replace"})
    return Answer("answers the first integration, unchanged", {"second_post": "existing"})


def put_without_identity(seen: Seen) -> Answer:
    """Read what a PUT without `is_rootfi_identity` does."""
    exchange = seen.steps.get("without_identity")
    if exchange is None or exchange.status is None:
        return _unanswered(seen, "without_identity")
    if not exchange.is_success:
        return Answer(f"{exchange.status}: refused", {"put_without_identity": exchange.status})
    if not seen.identity_was_set:
        return Answer("accepted; reset or kept is not known: a PUT with `true` was refused")
    match exchange.integration.get("is_rootfi_identity"):
        case True:
            return Answer("keeps it", {"put_without_identity": "kept"})
        case False:
            return Answer("resets it to `false`", {"put_without_identity": "reset"})
    return Answer("accepted; the answer does not show the member")


def is_disabled_on_post(seen: Seen) -> Answer:
    """Read what a POST with `is_disabled` does."""
    exchange = seen.steps.get("post_disabled")
    if exchange is None or exchange.status is None:
        return _unanswered(seen, "post_disabled")
    if exchange.is_success:
        match exchange.integration.get("is_disabled"):
            case True:
                return Answer("honoured: created disabled", {"is_disabled_on_post": "honoured"})
            case False:
                return Answer("ignored: created enabled", {"is_disabled_on_post": "ignored"})
        return Answer("accepted; the answer does not show the member")
    if not seen.steps.get("post", exchange).is_success:
        return Answer("not answered: a POST without it was refused, too", is_answered=False)
    return Answer(f"{exchange.status}: refused", {"is_disabled_on_post": exchange.status})


def put_enables(seen: Seen) -> Answer:
    """Read what a PUT with `is_disabled: false` does to a disabled integration."""
    exchange = seen.steps.get("enable")
    if exchange is None or exchange.status is None:
        return _unanswered(seen, "enable")
    if not exchange.is_success:
        return Answer(f"{exchange.status}: refused", {"put_enables": exchange.status})
    match exchange.integration.get("is_disabled"):
        case False:
            return Answer("enables it", {"put_enables": "honoured"})
        case True:
            return Answer("leaves it disabled", {"put_enables": "ignored"})
    return Answer("accepted; the answer does not show the member")


def id_format(seen: Seen) -> Answer:
    """Read what an id looks like."""
    value = _created(seen).get("rootfi_id")
    if value is None:
        return _unanswered(seen, "post")
    if isinstance(value, int) and not isinstance(value, bool):
        return Answer("a whole number", {"id_format": "integer"})
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return Answer("a string of digits", {"id_format": "string"})
    try:
        UUID(str(value))
    except ValueError:
        return Answer("another text")
    return Answer("a UUID", {"id_format": "uuid"})


def timestamp_format(seen: Seen) -> Answer:
    """Read what a timestamp looks like."""
    created = _created(seen)
    if not created:
        return _unanswered(seen, "post")
    value = created.get("rootfi_created_at")
    if isinstance(value, str) and _UTC.fullmatch(value):
        return Answer("ISO 8601, UTC with `Z`", {"timestamp_format": "utc"})
    if isinstance(value, str) and _OFFSET.fullmatch(value):
        return Answer("ISO 8601 with an offset", {"timestamp_format": "offset"})
    if isinstance(value, int | float) and value >= _EPOCH_MILLISECONDS:
        return Answer("a number: epoch milliseconds", {"timestamp_format": "epoch_milliseconds"})
    if isinstance(value, int | float) and value >= _EPOCH_SECONDS:
        return Answer("a number: epoch seconds", {"timestamp_format": "epoch_seconds"})
    return Answer("missing" if value is None else "another form")


def visible_after(seen: Seen) -> Answer:
    """Read whether GET sees an integration right after POST."""
    if not seen.gets:
        return _unanswered(seen, "get")
    elapsed, last = seen.gets[-1]
    before = seen.gets[-2][0] if len(seen.gets) > 1 else 0.0
    status = seen.gets[0][1].status or seen.gets[0][1].failure
    if not last.is_success:
        # Longer than any run.
        return Answer(f"not within {elapsed:.0f} s: {status}", {"visible_after": 3600.0})
    if not elapsed:
        return Answer("at once", {"visible_after": 0.0})
    return Answer(f"{status} at first, then after {elapsed:.0f} s", {"visible_after": (before + elapsed) / 2})


def rate_limit(seen: Seen) -> Answer:
    """Read which rate limit the headers show, and in which unit."""
    answers = [each for each in seen.exchanges if each.status is not None]
    limited = [each for each in answers if "X-RateLimit-Limit" in each.headers]
    if not answers:
        return _unanswered(seen, "post")
    if not limited:
        return Answer("no `X-RateLimit-*`", {"rate_limit": None})
    where = "all" if len(limited) == len(answers) else "some"
    limit, unit = limited[0].headers["X-RateLimit-Limit"], _reset_unit(limited)
    if not (limit.isascii() and limit.isdecimal()) or unit is None:
        return Answer(f"`X-RateLimit-*` in {where} answers, in a form that the client does not read")
    settings = {
        "rate_limit.requests": int(limit),
        "rate_limit.seconds": _window(limited),
        "rate_limit.reset": unit,
    }
    units = {
        "seconds": "seconds from now",
        "epoch_seconds": "epoch seconds",
        "epoch_milliseconds": "epoch milliseconds",
    }
    return Answer(f"{int(limit)} requests, in {where} answers; `Reset` in {units[unit]}", settings)


def _window(limited: list[Exchange]) -> float:
    """Return the window in seconds, in whole minutes.

    `Reset` only says how much of the window is left, so the documented minute is the least. It may be
    rounded up to a second, which must not make another minute of it.
    """
    left = max(each.resets_in or 0.0 for each in limited) - _ROUNDING
    return 60.0 * max(math.ceil(left / 60), 1)


def _reset_unit(limited: list[Exchange]) -> str | None:
    if any(each.resets_in is None for each in limited):
        return None
    reset = max(float(each.headers["X-RateLimit-Reset"]) for each in limited)
    if reset >= _EPOCH_MILLISECONDS:
        return "epoch_milliseconds"
    return "epoch_seconds" if reset >= _EPOCH_SECONDS else "seconds"


def retry_after(seen: Seen) -> Answer:
    """Read whether a 429 or 503 has `Retry-After`, and in which form."""
    refused = [each for each in seen.exchanges if each.status in (429, 503)]
    if not refused:
        return Answer("not answered: no answer was 429 or 503", is_answered=False)
    value = refused[0].headers.get("Retry-After", "").strip()
    if not value:
        return Answer("none", {"rate_limit.retry_after": None})
    if value.isascii() and value.isdecimal():
        return Answer("seconds", {"rate_limit.retry_after": "seconds"})
    return (
        Answer("an HTTP date", {"rate_limit.retry_after": "date"})
        if value.endswith("GMT")
        else Answer("in another form")
    )


def _created(seen: Seen) -> dict[str, Any]:
    exchange = seen.steps.get("post")
    return {} if exchange is None else exchange.integration


def _unanswered(seen: Seen, step: str) -> Answer:
    exchange = seen.steps.get(step)
    if exchange is None:
        why = seen.why_not(step)
    else:
        why = exchange.failure or f"the request was refused with {exchange.status}"
    return Answer(f"not answered: {why}", is_answered=False)
