"""Suggest the known word that a misspelt one was probably meant to be ("did you mean XERO?")."""

import functools
import re
from collections.abc import Iterable

# Characters of a word that are compared: the time grows with their square.
_LONGEST = 64
# A shorter word is close to too many others.
_SHORTEST = 3


def closest_word(word: str, known: Iterable[str]) -> str | None:
    """Return the known word closest to this one, or None if none is close.

    A word is close if at most one character in four differs, ignoring case, `_`, `-` and spaces. If none is,
    the one word that starts with this one, or that this one starts with: `ZOHO`, `QUICKBOOKS ONLINE`.
    """
    return _closest(word[:_LONGEST], tuple(known))


@functools.lru_cache(maxsize=1000)
def _closest(word: str, known: tuple[str, ...]) -> str | None:
    parts = _parts(word)
    meant = "".join(parts)
    edits = {each: _edits("".join(_parts(each)), meant, max(1, len(meant) // 4)) for each in known}
    close = [each for each in known if edits[each] is not None]
    if close and len(meant) >= _SHORTEST:
        return min(close, key=lambda each: edits[each] or 0)
    related = [
        each for each in known if _starts_with(_parts(each), parts) or _starts_with(parts, _parts(each))
    ]
    return related[0] if len(related) == 1 else None


def _parts(word: str) -> list[str]:
    return [part for part in re.split(r"[\W_]+", word.casefold()) if part]


def _starts_with(whole: list[str], parts: list[str]) -> bool:
    return bool(parts) and whole[: len(parts)] == parts


def _edits(one: str, other: str, most: int) -> int | None:
    """Return the number of insertions, deletions, replacements and swaps between two words.

    None if it is greater than `most`.
    """
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one):
        previous, before, row = before, row, [i + 1]
        for j, its in enumerate(other):
            row.append(min(before[j] + (mine != its), before[j + 1] + 1, row[j] + 1))
            if i and j and (one[i - 1], mine) == (its, other[j - 1]):
                row[-1] = min(row[-1], previous[j - 1] + 1)
    return row[-1] if row[-1] <= most else None
