"""Recognise a mask: the text that a server shows in a secret's place.

A text alone never proves that it is the secret, so the provider's `outputs` also remember what RootFi
answered to a secret that it was sent.
"""

import re

_BRACKETS = {"[": "]", "<": ">", "{": "}"}
# `REDACTED`, `not shown`, `redacted:4f2a`; nothing that is JSON or YAML, such as `a: b`.
_WORD = r"\w+(?:[-.:/]\w+)*"
_WORDS = re.compile(rf"{_WORD}(?:\s+{_WORD})*")
# `sk_live_…4f2a`, `sk_live_...4f2a`, `****abcd`, `xxxx4f2a`: an ellipsis, or a run of what masks are made of.
_HIDDEN_PART = re.compile(r"…|\.{3}|[*•●○◦·⬤⚫█■#]{3}|x{4}|X{4}")


def is_mask(text: str) -> bool:
    """Return whether a secret's text is a mask: a repeated character, words in brackets, or partly hidden."""
    text = text.strip()
    return (len(text) != 1 and _is_repeated(text)) or _is_bracketed(text) or hides_part(text)


def hides_part(text: str) -> bool:
    """Return whether an ellipsis, or a run of stars, bullets or `x`, in the text hides a part of it."""
    return _HIDDEN_PART.search(text) is not None


def _is_repeated(text: str) -> bool:
    return len(set(text)) <= 1


def _is_bracketed(text: str) -> bool:
    if _BRACKETS.get(text[:1]) != text[-1:]:
        return False
    inner = text[1:-1].strip()
    return _is_repeated(inner) or _WORDS.fullmatch(inner) is not None
