"""A mistake in a declaration, and the error that holds all of them."""

from typing import NamedTuple

from rootfi_pulumi.api.printable import excerpt

LONGEST_KEY = 80
"""Characters of a key that a message shows."""


class Problem(NamedTuple):
    """One mistake: where it is, as the keys that lead there, and what is wrong."""

    path: tuple[str, ...]
    what: str

    def __str__(self) -> str:
        # A key may be any pasted text.
        keys = (excerpt(key, LONGEST_KEY) for key in self.path)
        return f"{'.'.join(keys)}: {self.what}"


class ConfigError(ValueError):
    """The declaration is not usable; `problems` holds every mistake, `str()` a line for each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
