"""Find what stacks share in one organisation: an integration that two manage, or a type that two declare.

RootFi's documentation does not say whether ids are unique across organisations. So the same id in two stacks
counts as one integration, unless the stacks ask different servers; `same_key` says how certain it is.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations


@dataclass(frozen=True)
class Holding:
    """An integration of a stack, declared or managed.

    `base_url` and `key` are None where they are not known; `key` is a digest.
    """

    stack: str
    name: str
    integration_type: str = ""
    rootfi_ids: frozenset[int] = frozenset()
    base_url: str | None = None
    key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Shared:
    """A rootfi_id (a number) that several stacks manage, or a type (a text) that they have with one key."""

    what: int | str
    holdings: tuple[Holding, ...]

    @property
    def stacks(self) -> tuple[str, ...]:
        """The stacks, in the order in which they were given."""
        return tuple(dict.fromkeys(each.stack for each in self.holdings))

    @property
    def names(self) -> tuple[str, ...]:
        """What the stacks call it."""
        return tuple(dict.fromkeys(each.name for each in self.holdings))

    @property
    def same_key(self) -> bool | None:
        """Whether all have the same API key; None if one is not known."""
        keys = {each.key for each in self.holdings}
        return None if None in keys else len(keys) == 1


def may_be_same_server(one: str | None, other: str | None) -> bool:
    """Return whether two base URLs, None where not known, may be of the same server."""
    return one is None or other is None or _plain(one) == _plain(other)


def shared(holdings: Sequence[Holding]) -> list[Shared]:
    """Return each id that several stacks have, then each type that is not explained by one of these."""
    by_id: dict[int, list[Holding]] = defaultdict(list)
    by_type: dict[tuple[str, bytes], list[Holding]] = defaultdict(list)
    for each in holdings:
        for rootfi_id in each.rootfi_ids:
            by_id[rootfi_id].append(each)
        if each.integration_type and each.key is not None:
            by_type[each.integration_type, each.key].append(each)
    ids = [Shared(id_, group) for id_, having in by_id.items() for group in _groups(having)]
    types = [Shared(name, group) for (name, _), having in by_type.items() for group in _groups(having)]
    explained = [_places(each) for each in ids]
    return [*ids, *(each for each in types if not any(_places(each) <= places for places in explained))]


def stacks_to_compare(holdings: Sequence[Holding]) -> set[str]:
    """Return the stacks of which it matters whether their keys, any bytes as yet, are the same."""
    return {stack for each in shared(holdings) for stack in each.stacks}


def _places(found: Shared) -> set[tuple[str, str]]:
    return {(each.stack, each.name) for each in found.holdings}


def _groups(holdings: Sequence[Holding]) -> list[tuple[Holding, ...]]:
    """Return those that may be at one server together, as far as they are of several stacks."""
    groups = [{each} for each in dict.fromkeys(holdings)]
    for one, other in combinations(dict.fromkeys(holdings), 2):
        if may_be_same_server(one.base_url, other.base_url):
            [first] = [group for group in groups if one in group]
            [second] = [group for group in groups if other in group]
            if first is not second:
                groups.remove(second)
                first |= second
    ordered = (tuple(each for each in dict.fromkeys(holdings) if each in group) for group in groups)
    return [group for group in ordered if len({each.stack for each in group}) > 1]


def _plain(base_url: str) -> str:
    return base_url.strip().rstrip("/").lower()
