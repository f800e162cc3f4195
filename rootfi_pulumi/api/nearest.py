"""Finds the word that was meant, among those that are known."""

import functools
import re
from collections.abc import Iterable

# Characters of a word that are compared.
_LONGEST = 64
# One that is shorter is near to too many.
_SHORTEST = 3


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that this one is near to, or None.

    Near is what differs in at most one character of four; case, `_`, `-` and spaces do not count. So is, if
    there is one such word alone, what begins it or goes on after it: `ZOHO`, `QUICKBOOKS ONLINE`.
    """
    return _nearest(word[:_LONGEST], tuple(known))


@functools.lru_cache(maxsize=1000)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    parts = _parts(word)
    meant = "".join(parts)
    edits = {each: _edits("".join(_parts(each)), meant, max(1, len(meant) // 4)) for each in known}
    near = [each for each in known if edits[each] is not None]
    if near and len(meant) >= _SHORTEST:
        return min(near, key=lambda each: edits[each] or 0)
    related = [each for each in known if _begins(_parts(each), parts) or _begins(parts, _parts(each))]
    return related[0] if len(related) == 1 else None


def _parts(word: str) -> list[str]:
    return [part for part in re.split(r"[\W_]+", word.casefold()) if part]


def _begins(whole: list[str], parts: list[str]) -> bool:
    return bool(parts) and whole[: len(parts)] == parts


def _edits(one: str, other: str, most: int) -> int | None:
    """Count the insertions, deletions, replacements and swaps between two words; None if more than `most`."""
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
