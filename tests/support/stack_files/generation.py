"""Makes scalars and stack files at random: right ones, wrong ones, and those of which one has to look it up."""

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


KEYS = (
    "rootfi:baseUrl",
    "rootfi:integrations",
    "rootfi:config:concurrency",
    "timeoutSeconds",
    "other:key",
    "aws:region",
)
ODD_KEYS = (
    "a:b:c",
    "1",
    "~",
    "true",
    "!x k",
    '"q:k"',
    "'s:k'",
    "? c:k",
    "2024-01-02",
    "&k e:k",
    "[a]",
    "f:k ",
)
TAILS = ("", "", "", "  # comment", "\t# tab", " \t", "   ")
FOREIGN = (
    "encryptionsalt: v1:abc",
    "secretsprovider: awskms://alias/x?region=eu",
    "encryptedkey: AQIC",
    "encryptionsalt: 1",
    "encryptedkey: [a]",
    "notes: {a: [1, 2, {b: c}]}",
    "x: &anchor {a: 1, b: &inner two}",
    "y: *anchor",
    "z: {<<: *anchor, c: 3}",
    "text: |\n  a: 1\n  # no comment\n",
    "text: >-\n  folded\n\n  text\n",
    "1: number",
    "# a comment",
    "",
    "\t",
    " indented: a",
)


def stack_file(random: Random) -> str:
    """Return a whole file."""
    head = random.choices(FOREIGN, k=random.randint(0, 3)) if random.random() < 0.7 else []
    config = _config(random)
    lines = [*head, *config, *(random.choices(FOREIGN[:6], k=random.randint(0, 1)))]
    text = "\n".join(lines) + "\n"
    for change in CHANGES:
        if random.random() < 0.05:
            text = change(random, text)
    return text


def _mutated(random: Random, text: str) -> str:
    at = random.randrange(len(text))
    return text[:at] + random.choice(list(":-#{}[]&*!|>'\"%@`,?\t \n")) + text[at + 1 :]


CHANGES: tuple[Callable[[Random, str], str], ...] = (
    lambda _, text: "\ufeff" + text,
    lambda _, text: text.replace("\n", "\r\n"),
    lambda _, text: "---\n" + text,
    lambda random, text: text + "---\n" + random.choice(["a: 1\n", "[\n", ""]),
    lambda random, text: text + "...\n" + random.choice(["", "a: 1\n", "# x\n"]),
    lambda _, text: "%YAML 1.2\n---\n" + text,
    lambda random, text: text[: random.randrange(1, len(text) + 1)],
    _mutated,
)


def _config(random: Random) -> list[str]:
    if random.random() < 0.1:
        return [
            random.choice(
                ["config:", "config: {}", "config: []", "config: text", "config: {a:b: 1}", "config: ~"]
            )
        ]
    lines = ["config:"]
    for key in random.sample(KEYS, random.randint(1, 4)):
        if random.random() < 0.05:
            key = random.choice(ODD_KEYS)  # noqa: PLW2901
        if key == "rootfi:integrations":
            lines += _integrations(random)
        else:
            lines.append(f"  {key}: {scalar(random)}{random.choice(TAILS)}")
    if random.random() < 0.05:
        lines.append(random.choice(lines[1:]).partition("\n")[0])
    return lines


def _integrations(random: Random) -> list[str]:
    lines = [f"  rootfi:integrations:{random.choice(TAILS)}"]
    for name in random.sample(["xero", "wave", "123", "no", "'q u'", "ü"], random.randint(1, 3)):
        if random.random() < 0.3:
            flow = f"{{integration_type: XERO, client_id: app, adopt: {random.choice(['1', '0o17', '1e3', '~'])}}}"
            lines.append(f"    {name}: {flow}")
            continue
        lines.append(f"    {name}:{random.choice(TAILS)}")
        lines += [
            f"      {member}: {scalar(random)}{random.choice(TAILS)}"
            for member in random.sample(
                ["integration_type", "client_id", "client_secret", "adopt", "is_disabled"], 3
            )
        ]
    return lines
