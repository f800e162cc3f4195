"""Says what each picture was made from, in a form that is the same on every machine and at every time."""

import hashlib
import json
import re
from pathlib import Path

PICTURES = Path(__file__).parents[2] / "docs" / "assets" / "pictures"
MANIFEST = PICTURES / "sources.json"
# A pattern, and what pictures show in place of what it matches.
_VOLATILE = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(Z|\+00:00)?"), "2026-11-25T09:26:08Z"),
    # A line may end between the two.
    (re.compile(r"\b20\d\d-\d\d-\d\d\b"), "2026-11-25"),
    (re.compile(r"\b\d\d:\d\d:\d\d(\.\d+)?(?=Z|\b)"), "09:26:08"),
    (re.compile(r"(?<=/state, as )[\w.-]+"), "you"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:8080"),
    (re.compile(r"(?<=Duration:\x1b\[0m )\d+s"), "2s"),
    (re.compile(r"\(\d+(\.\d+)?s\)"), "(1s)"),
    (re.compile(r"\b\d+ ms\b"), "12 ms"),
    (re.compile(r"\b\d+\.\d s\b"), "0.3 s"),
)
_VERSION = re.compile(r"\bv?\d+\.\d+\.\d+\b")


def replace_volatile(text: str) -> str:
    """Return the text with the same times, durations and ports as every other run."""
    for pattern, shown in _VOLATILE:
        text = pattern.sub(shown, text)
    return text


def digest(source: str) -> str:
    """Return the digest of a source, which ignores versions and how lines are wrapped."""
    stable = _VERSION.sub("X", replace_volatile(" ".join(source.split())))
    return hashlib.sha256(stable.encode()).hexdigest()


def recorded() -> dict[str, str]:
    """Return the digest of each picture's source, by the picture's name."""
    found: dict[str, str] = json.loads(MANIFEST.read_text()) if MANIFEST.exists() else {}
    return found


def record(name: str, source: str) -> None:
    """Note in the manifest what a picture was made from."""
    content = json.dumps(dict(sorted((recorded() | {name: digest(source)}).items())), indent=2)
    MANIFEST.write_text(f"{content}\n")


def staleness(name: str, source: str) -> str:
    """Return what to do if the picture was made from another source; empty if it was made from this one."""
    if recorded().get(name) == digest(source):
        return ""
    return (
        f"docs/assets/pictures/{name}-*: made from an earlier page or message. Run and look at the result:\n"
        f"  make pictures PICTURES={name}"
    )
