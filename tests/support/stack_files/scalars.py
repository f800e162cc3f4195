"""Make scalars of YAML at random: valid ones, invalid ones, and those that one has to look up."""

from collections.abc import Callable
from random import Random

WORDS = (
    *(
        "true",
        "True",
        "TRUE",
        "tRUE",
        "false",
        "False",
        "yes",
        "Yes",
        "no",
        "NO",
        "on",
        "On",
        "off",
        "OFF",
        "y",
        "N",
    ),
    *(
        "null",
        "Null",
        "NULL",
        "nULL",
        "~",
        "~a",
        "=",
        "<<",
        ".",
        "..",
        "...",
        "---",
        "-",
        "?",
        "-a",
        "?a",
        ":a",
    ),
    *(
        ".inf",
        ".Inf",
        "+.inf",
        "-.INF",
        ".iNF",
        ".nan",
        ".NaN",
        ".Nan",
        "+.nan",
        "nan",
        "inf",
        "Infinity",
        "NaN",
    ),
    *(
        "abc",
        "a b",
        "a:b",
        "a: b",
        "a #b",
        "a#b",
        "#a",
        "@a",
        "`a",
        "%a",
        "&a",
        "*a",
        "!a",
        "|a",
        ">a",
        "[a",
        "{a",
    ),
    *(
        "a]",
        "a}",
        "a,b",
        "é",
        "ü: x",
        "😀",
        "null a",
        "https://api.rootfi.dev",
        "a\\b",
        "C:\\new",
        "a'b",
        'a"b',
    ),
    *(
        "'a'",
        "''",
        "'it''s'",
        '"a"',
        '""',
        '"a\\n"',
        '"\\t\\x41\\u00e9"',
        '"\\/"',
        '"\\q"',
        "'a",
        '"a',
        "'a' b",
    ),
    *(
        "[]",
        "{}",
        "[a, b]",
        "[1, yes, 2024-01-02]",
        "{a: 1}",
        "{a: {b: [c]}}",
        "[a",
        "{a: 1, a: 2}",
        "{1: a}",
    ),
    *(
        "{~: a}",
        "{true: 1}",
        "{1.5: a}",
        "{<<: {a: 1}, b: 2}",
        "{<<: 1}",
        "{a}",
        "{a, b}",
        "[,]",
        "[a,]",
        "{? a}",
    ),
    *(
        "&x 1",
        "&x",
        "{a: &x 1, b: *x}",
        "{a: *x}",
        "[&x [*x]]",
        "{secure: v1:abc}",
        "{secure: AAAB}",
        "{secure: 1}",
    ),
    *("{secure: 2024-01-02}", "{secure: a, b: c}", "{secure: [a]}", "[{secure: v1:x}]", '{"secure": "v1:x"}'),
)
TAGS = (
    "!",
    "!x",
    "!!str",
    "!!int",
    "!!float",
    "!!bool",
    "!!null",
    "!!timestamp",
    "!!binary",
    "!!foo",
    "!y!x",
    "!<x>",
)


def scalar(random: Random) -> str:
    """Return a value in one line."""
    text = random.choice([_word, _word, _number, _number, _number, _date, _time])(random)
    return f"{random.choice(TAGS)} {text}" if random.random() < 0.12 else text


def _word(random: Random) -> str:
    return random.choice(WORDS)


def _digits(random: Random, digits: str = "0123456789", most: int = 6) -> str:
    text = "".join(random.choices(digits, k=random.randint(1, most)))
    return text[0] + "_".join(text[1:]) if random.random() < 0.1 else text


def _number(random: Random) -> str:
    return random.choice(["", "", "", "-", "+"]) + random.choice(NUMBERS)(random)


NUMBERS: tuple[Callable[[Random], str], ...] = (
    lambda random: random.choice(["0x", "0X"]) + _digits(random, "0123456789abcdefABCDEFg"),
    lambda random: random.choice(["0o", "0O", "0"]) + _digits(random, "012345678"),
    lambda random: random.choice(["0b", "0B", "0b-", "0b+"]) + _digits(random, "012"),
    lambda random: _digits(random) + random.choice(["", "."]) + _exponent(random),
    lambda random: random.choice(["", _digits(random)]) + "." + _digits(random) + _exponent(random),
    lambda random: str(random.choice([2**53, 2**63, 2**64, 10**21, 10**22]) + random.randint(-2, 2)),
    lambda random: _digits(random, most=30),
    _digits,
)


def _exponent(random: Random) -> str:
    return (
        random.choice(["", "", "e", "E"])
        and f"e{random.choice(['', '+', '-'])}{random.choice([0, 3, 21, 400])}"
    )


def _date(random: Random) -> str:
    year, month, day = random.choice([2024, 1999, 0, 12345]), random.randint(0, 13), random.randint(0, 32)
    date = random.choice(["{:04d}-{:02d}-{:02d}", "{:04d}-{}-{}", "{:04d}/{:02d}/{:02d}"]).format(
        year, month, day
    )
    if random.random() < 0.4:
        return date
    clock = f"{random.randint(0, 24):02d}:{random.randint(0, 60):02d}:{random.randint(0, 61):02d}"
    fraction = random.choice(["", "", ".5", ".1234567891", ",25", "."])
    # An offset that may be this machine's own is shown by its name there.
    zone = random.choice(["", "Z", " Z", "-11:17", "+00:00", "z"])
    return f"{date}{random.choice(['T', 't', ' ', '  '])}{clock}{fraction}{zone}"


def _time(random: Random) -> str:
    return ":".join(str(random.randint(0, 70)) for _ in range(random.randint(2, 3)))
