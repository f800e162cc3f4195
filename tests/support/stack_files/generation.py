"""Make stack files at random, valid and invalid, of the scalars in `scalars`."""

from collections.abc import Callable
from random import Random

from tests.support.stack_files.scalars import scalar

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
