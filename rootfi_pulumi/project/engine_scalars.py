"""Resolves and formats the scalars of a YAML file as Pulumi's engine does.

The engine reads YAML with the Go library yaml.v3, which mixes YAML 1.1 and 1.2: `0o17`, `017` and `1_000` are
numbers, `2024-01-02` is a date; `on`, `yes` and `12:30` are strings.

See https://pkg.go.dev/gopkg.in/yaml.v3. Tests compare this module with the engine.
"""

import base64
import binascii
import math
import re
from datetime import datetime
from decimal import Decimal

_WORDS: dict[str, object] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_INTEGER = re.compile(r"([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)")
# Only Go allows a sign after these two prefixes.
_SIGNED_BASE = re.compile(r"(-?)0([bo])([-+]?)([0-7]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
# The library does not remove `_` from these, and Go only allows it between digits.
_POINT_FIRST = re.compile(r"\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?")
_ZONE = re.compile(r"Z|([-+])([0-9]{2}):([0-9]{2})")
_TYPES = {"!!bool": bool, "!!int": int, "!!float": float, "!!null": type(None)}
_RESOLVED = {"", "!!str", "!!timestamp", *_TYPES}
_LONG = "tag:yaml.org,2002:"


class UnsuitableTagError(ValueError):
    """A value does not match its tag, so the engine rejects the file."""


class Date(str):
    """A date, formatted as the engine formats it."""

    __slots__ = ()


def short(tag: str) -> str:
    """Return a tag in its short form, such as `!!int`."""
    return f"!!{tag.removeprefix(_LONG)}" if tag.startswith(_LONG) else tag


def resolve(tag: str, text: str) -> object:
    """Return a scalar's value: None, a bool, an int, a float, a Date or a str.

    `tag` is in its short form, empty for a plain scalar without a tag. A tag that YAML does not define makes
    the scalar a string. Raises UnsuitableTagError.
    """
    if tag == "!!binary":
        return _binary(text)
    if tag == "!!str" or tag not in _RESOLVED:
        return text
    value = _plain(text, with_dates=tag in ("", "!!timestamp"))
    if tag == "!!float" and type(value) is int:
        return float(value)
    if (tag == "!!timestamp" and not isinstance(value, Date)) or type(value) is not _TYPES.get(
        tag, type(value)
    ):
        raise UnsuitableTagError(f"a value is not a {tag}")
    return value


def _plain(text: str, *, with_dates: bool) -> object:
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first == ".":
        return _finite(text) if _POINT_FIRST.fullmatch(text) else text
    if first not in "+-0123456789":
        return text
    if with_dates and (date := _date(text)):
        return date
    number = _number(text.replace("_", ""))
    return text if number is None else number


def _finite(text: str) -> object:
    value = float(text)
    # A number beyond the range of a float is a string.
    return text if math.isinf(value) else value


def _number(text: str) -> int | float | None:
    found = _INTEGER.fullmatch(text)
    if found and (number := _fitting(*found.groups())) is not None:
        return number
    if _FLOAT.fullmatch(text) and not math.isinf(value := float(text)):
        return value
    signed = _SIGNED_BASE.fullmatch(text)
    if not signed or (signed[1] and signed[3]):
        return None
    return _fitting(signed[1] or signed[3], f"0{signed[2]}{signed[4]}")


def _fitting(sign: str, digits: str) -> int | None:
    is_old_octal = len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
    try:
        value = int(digits, 8 if is_old_octal else 0)
    except ValueError:
        return None
    value = -value if sign == "-" else value
    # Go accepts 64 bits, signed or unsigned.
    return value if -(2**63) <= value < (2**63 if sign else 2**64) else None


def _binary(text: str) -> str:
    try:
        # Go only ignores line breaks.
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode(
            errors="replace"
        )
    except binascii.Error:
        raise UnsuitableTagError("a value is not a !!binary") from None


def _date(text: str) -> Date | None:
    date = _DATE.match(text)
    if date is None:
        return None
    rest = text[date.end() :]
    # Go allows any number of spaces.
    spaces = len(rest) - len(rest.lstrip(" "))
    time = _TIME.match(rest, spaces or 1)
    if rest and time is None:
        return None
    zone = rest[time.end() :] if time else ""
    found = _ZONE.fullmatch(zone)
    if time and (rest[0] not in "Tt " or (rest[0] == " ") != (zone == "") or (zone and not found)):
        return None
    hour, minute, second = map(int, time.groups()[:3]) if time else (0, 0, 0)
    fraction = (time[4] or "" if time else "")[:9].rstrip("0")
    try:
        # Go supports the year 0, Python does not: 4 is a leap year too.
        moment = datetime(int(date[1]) or 4, int(date[2]), int(date[3]), hour, minute, second)  # noqa: DTZ001
        offset = _offset(found)
    except ValueError:
        return None
    clock = f"{date[1]}{moment:-%m-%d %H:%M:%S}{'.' if fraction else ''}{fraction}"
    return Date(f"{clock} {_zone_shown(moment, offset)}")


def _offset(zone: re.Match[str] | None) -> int:
    """Return a zone's offset in minutes. Raises ValueError."""
    if zone is None or not zone[1]:
        return 0
    hours, minutes = int(zone[2]), int(zone[3])
    if hours > 24 or minutes > 59:  # noqa: PLR2004
        raise ValueError
    return (hours * 60 + minutes) * (-1 if zone[1] == "-" else 1)


def _zone_shown(moment: datetime, offset: int) -> str:
    number = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02d}{abs(offset) % 60:02d}"
    if offset == 0:
        return f"{number} UTC"
    return f"{number} {_local_name(moment, offset) or number}"


def _local_name(moment: datetime, offset: int) -> str | None:
    """Return this machine's zone abbreviation, as Go does, if the zone has this offset at that moment."""
    try:
        local = moment.astimezone()
    except (OverflowError, ValueError, OSError):
        return None
    shift = local.utcoffset()
    return local.tzname() if shift and shift.total_seconds() == offset * 60 else None


def shown_key(key: object) -> str:
    """Return the engine's string for a key."""
    match key:
        case str():
            return str(key)
        case None:
            return "<nil>"
        case bool():
            return str(key).lower()
        case float():
            return _shown_float(key)
    return str(key)


def _shown_float(value: float) -> str:
    # Go's %v uses an exponent for smaller numbers than its JSON encoder.
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{'+' if value > 0 else '-'}Inf"
    number = Decimal(repr(value)).normalize()
    if -4 <= number.adjusted() < 6:  # noqa: PLR2004 (as Go's %v)
        return f"{number:f}"
    digits = "".join(map(str, number.as_tuple().digits))
    sign, exponent = "-" if value < 0 else "", number.adjusted()
    point = f".{digits[1:]}" if digits[1:] else ""
    return f"{sign}{digits[0]}{point}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def as_json(value: float) -> int | float:
    """Return a finite number as Go's JSON encoder writes it: a whole number below 10^21 without a point."""
    shown = Decimal(repr(value))
    is_whole = shown == shown.to_integral_value() and abs(shown) < Decimal(10) ** 21
    return int(shown) if is_whole else value
