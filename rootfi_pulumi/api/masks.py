"""Recognise a mask: the text that a server shows in place of a secret.

No text can prove that it is the secret. So the provider's `outputs` also remember what RootFi returned for a
secret that it received.
"""

import re

_BRACKETS = {"[": "]", "<": ">", "{": "}"}
# Matches `REDACTED`, `not shown` and `redacted:4f2a`, but no JSON or YAML such as `a: b`.
_WORD = r"\w+(?:[-.:/]\w+)*"
_WORDS = re.compile(rf"{_WORD}(?:\s+{_WORD})*")
# Matches an ellipsis or a run of mask characters: `sk_live_…4f2a`, `sk_live_...4f2a`, `****abcd`, `xxxx4f2a`.
_HIDDEN_PART = re.compile(r"…|\.{3}|[*•●○◦·⬤⚫█■#]{3}|x{4}|X{4}")


def is_mask(text: str) -> bool:
    """Return whether a text is a mask: a repeated character, words in brackets, or a partly hidden secret."""
    text = text.strip()
    return (len(text) != 1 and _is_repeated(text)) or _is_bracketed(text) or hides_part(text)


def hides_part(text: str) -> bool:
    """Return whether the text contains an ellipsis or a run of stars, bullets or `x`."""
    return _HIDDEN_PART.search(text) is not None


def _is_repeated(text: str) -> bool:
    return len(set(text)) <= 1


def _is_bracketed(text: str) -> bool:
    if _BRACKETS.get(text[:1]) != text[-1:]:
        return False
    inner = text[1:-1].strip()
    return _is_repeated(inner) or _WORDS.fullmatch(inner) is not None
