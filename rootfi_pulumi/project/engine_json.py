"""Checks JSON files strictly, as Pulumi's engine does, and converts them for the YAML reader.

See https://www.rfc-editor.org/rfc/rfc8259
"""

import json
import math
import re

_STRING = re.compile(r'("(?:[^"\\]|\\.)*")(?:([ \t\n\r]+):)?')
# What YAML reads differently: \/, surrogate pairs, and characters that YAML folds or does not allow.
_SPECIAL = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)"
    "|[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
)


class NotJsonError(ValueError):
    """The text is not JSON. `line` counts from 1; `what` says why without quoting the text."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line
        self.what = what


def as_yaml(text: str) -> str:
    """Return JSON as YAML of the same lines. Raises NotJsonError."""
    try:
        json.loads(text, parse_constant=_refuse, parse_int=_check, parse_float=_check)
    except json.JSONDecodeError as error:
        raise NotJsonError(error.lineno, f"is not JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise NotJsonError(1, "is not JSON: nested too deep, or a number is out of range or NaN") from None
    return _STRING.sub(_string, text)


def _refuse(word: str) -> None:
    # Python's json accepts NaN and Infinity, which JSON does not have.
    raise ValueError(word)


def _check(number: str) -> None:
    if math.isinf(float(number)):
        raise ValueError


def _string(found: re.Match[str]) -> str:
    shown = _SPECIAL.sub(_special, found[1])
    # YAML requires a key and its colon on the same line.
    return shown if found[2] is None else f"{shown}:{found[2]}"


def _special(found: re.Match[str]) -> str:
    escape = found[0]
    if not escape.startswith("\\"):
        return f"\\u{ord(escape):04x}"
    if escape == "\\/":
        return "/"
    if not escape.startswith(("\\ud", "\\uD")):
        return escape
    value = str(json.loads(f'"{escape}"'))
    # Go replaces a lone surrogate.
    return "\ufffd" if "\ud800" <= value[0] <= "\udfff" else value
