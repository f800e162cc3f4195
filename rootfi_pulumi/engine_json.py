"""Lets the reader of YAML read JSON, which Pulumi's engine reads by the rules of JSON alone.

Rests on https://www.rfc-editor.org/rfc/rfc8259
"""

import json
import re

# An escape of JSON, of which YAML knows neither \/ nor a pair for one character.
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")


class NotJsonError(ValueError):
    """The text is not JSON; `line` is from 1, `what` says why, without quoting it."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line
        self.what = what


def as_yaml(text: str) -> str:
    """Return JSON as YAML of the same lines. Raises NotJsonError."""
    try:
        json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise NotJsonError(error.lineno, f"is not JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise NotJsonError(1, "is not JSON: it is nested too deep, or one of its numbers is none") from None
    return _ESCAPE.sub(_escape, text)


def _refuse(word: str) -> None:
    # Python's own NaN and Infinity.
    raise ValueError(word)


def _escape(found: re.Match[str]) -> str:
    escape = found[0]
    if escape == "\\/":
        return "/"
    if not escape.startswith(("\\ud", "\\uD")):
        return escape
    value = str(json.loads(f'"{escape}"'))
    # Half a pair stands for no character.
    return "\ufffd" if "\ud800" <= value[0] <= "\udfff" else value
