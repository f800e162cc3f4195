"""Turn answers into the emulator's settings."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from rootfi_pulumi.emulator.settings import Settings
from tools.live.reading import Answer

# The answers' settings do not include how each method answers the secret.
_PLAIN = [Answer("", {f"{method}.secrets": "plain"}) for method in ("post", "get", "put")]


def is_playable(answer: Answer) -> bool:
    """Return whether the emulator has settings for an answer."""
    if not answer.settings:
        return False
    try:
        Settings.model_validate(_nested(answer.settings))
    except ValidationError:
        return False
    return True


def is_surprise(answer: Answer) -> bool:
    """Return whether an answer differs from what the emulator assumes by default.

    The rate limit never does: by default the emulator has none, whatever is documented.
    """
    if not answer.is_answered or any(name.startswith("rate_limit") for name in answer.settings):
        return False
    return not is_playable(answer) or settings_for([*_PLAIN, answer]) != settings_for(_PLAIN)


def settings_for(answers: Iterable[Answer]) -> Settings:
    """Return the settings that play all answers; what has no playable answer keeps its default.

    Without a limit in the headers there is nothing that a 429 could come from, so `Retry-After` is left out.
    """
    values: dict[str, Any] = {}
    for answer in answers:
        if is_playable(answer):
            values |= answer.settings
    if "rate_limit.requests" not in values:
        values = {name: value for name, value in values.items() if not name.startswith("rate_limit")}
    return Settings.model_validate(_nested(values))


def _nested(settings: dict[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, value in settings.items():
        group, _, member = name.partition(".")
        if member:
            nested[group] = {**nested.get(group, {}), member: value}
        else:
            nested[group] = value
    return nested
