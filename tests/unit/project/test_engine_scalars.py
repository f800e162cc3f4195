"""Each expectation is what the engine made of the scalar; tests/e2e/test_engine_yaml.py repeats the comparison."""

import math

import pytest

from rootfi_pulumi.project.engine_scalars import Date, UnsuitableTagError, resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e5", 100000.0),
        ("0o17", 15),
        ("017", 15),
        ("08", 8.0),
        ("0x1F", 31),
        ("0b101", 5),
        ("0b-1", -1),
        ("-0o7", -7),
        ("1_000", 1000),
        (".5e3", 500.0),
        (".2_5", 0.25),
        ("1.", 1.0),
        ("+1", 1),
        ("18446744073709551615", 2**64 - 1),
        ("18446744073709551616", 2.0**64),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("Null", None),
        ("", None),
        ("-.Inf", -math.inf),
    ],
)
def test_plain_scalar_is_the_engines_value(text: str, value: object) -> None:
    found = resolve("", text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        "on",
        ".2__5",
        "._25",
        "yes",
        "NO",
        "y",
        "12:30:45",
        "1e400",
        "0x",
        "0o9",
        "0b2",
        "=",
        "<<",
        "tRUE",
        ".",
        "1.2.3",
        "1,000",
        "-",
        "0b--1",
    ],
)
def test_plain_scalar_is_text_where_the_engine_has_text(text: str) -> None:
    assert resolve("", text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2024-01-02", "2024-01-02 00:00:00 +0000 UTC"),
        ("2024-1-2", "2024-01-02 00:00:00 +0000 UTC"),
        ("2024-01-02T03:04:05Z", "2024-01-02 03:04:05 +0000 UTC"),
        ("2024-01-02 3:4:5", "2024-01-02 03:04:05 +0000 UTC"),
        ("2024-01-02t03:04:05.123456789012Z", "2024-01-02 03:04:05.123456789 +0000 UTC"),
        ("2024-01-02T03:04:05-11:17", "2024-01-02 03:04:05 -1117 -1117"),
        ("0000-02-29", "0000-02-29 00:00:00 +0000 UTC"),
    ],
)
def test_date_is_the_text_that_the_engine_makes_of_it(text: str, shown: str) -> None:
    found = resolve("", text)
    assert isinstance(found, Date)
    assert found == shown


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "2024-13-01",
        "2024-01-02T03:04:05",
        "2024-01-02 03:04:05Z",
        "12345-01-01",
        "2024-01-02T24:00:00Z",
    ],
)
def test_what_is_no_date_to_the_engine_is_text(text: str) -> None:
    found = resolve("", text)
    assert (found, type(found)) == (text, str)


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("!!str", "1", "1"),
        ("!!int", "1", 1),
        ("!!float", "1", 1.0),
        ("!x", "1", "1"),
        ("!!binary", "aGVsbG8=", "hello"),
        ("!!null", "", None),
    ],
)
def test_tag_says_what_a_scalar_is(tag: str, text: str, value: object) -> None:
    found = resolve(tag, text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("!!int", "1.5"),
        ("!!int", "x"),
        ("!!bool", "yes"),
        ("!!null", "x"),
        ("!!timestamp", "x"),
        ("!!binary", "@"),
    ],
)
def test_tag_that_does_not_suit_is_refused_without_the_value(tag: str, text: str) -> None:
    with pytest.raises(UnsuitableTagError) as caught:
        resolve(tag, text)
    assert str(caught.value) == f"a value is not a {tag}"
