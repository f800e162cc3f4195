"""The rules that are about more than one member or key: names, repetitions, unknown and misplaced keys."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.api.suggestions import closest_word
from rootfi_pulumi.declaration.members import BY_NAME
from rootfi_pulumi.declaration.problems import LONGEST_KEY, Problem
from rootfi_pulumi.declaration.settings import INTEGRATIONS, NAMESPACE, SETTINGS

WHAT_IT_MUST_BE = "must be a mapping of names to integrations, or {} for none"


def name_of_integration_problem(value: object) -> str | None:
    """Return what is wrong with an integration's name, or None."""
    if isinstance(value, str) and value.strip() and value.isprintable() and "::" not in value:
        return None
    hidden = [each for each in str(value) if not each.isprintable() and each not in "\r\n"]
    if hidden:
        # A message shows it as "?".
        return f"is not a name: remove the character U+{ord(hidden[0]):04X}"
    return "is not a name: use text without line breaks and without '::'"


def repeated(declared: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for each value that only one integration may have and several have."""
    return chain.from_iterable(_repeated(declared, member) for member in ("integration_type", "adopt"))


def _repeated(declared: Mapping[str, Any], member: str) -> list[Problem]:
    first: dict[object, str] = {}
    problems: list[Problem] = []
    for name, entry in declared.items():
        value = entry.get(member) if isinstance(entry, Mapping) else None
        if not isinstance(value, str | int):
            continue
        if value in first:
            path = ("integrations", str(name), member)
            other = excerpt(first[value], LONGEST_KEY)
            problems.append(Problem(path, f"{other} has the same: one of each is allowed"))
        first.setdefault(value, str(name))
    return problems


def unknown_settings(config: Mapping[str, object]) -> list[Problem]:
    """Return a problem for each key of our namespace that is not a setting, since Pulumi would ignore it."""
    known = tuple(setting.name for setting in SETTINGS)
    problems = []
    for key in sorted(map(str, config)):
        namespace, _, name = key.partition(":")
        if namespace == NAMESPACE and name not in known:
            problems.append(Problem((key,), f"is not a setting: {nearest(name, known, f'{NAMESPACE}:')}"))
    return problems


def misplaced_declarations(config: Mapping[str, object]) -> list[Problem]:
    """Return a problem for each declaration under another namespace, which no program reads."""
    return [
        Problem((key,), f"is not read: write it under {INTEGRATIONS.key}")
        for key, value in config.items()
        if key.endswith(f":{INTEGRATIONS.name}") and key != INTEGRATIONS.key and _is_declaration(value)
    ]


def _is_declaration(value: object) -> bool:
    # Other products have integrations with client ids, too, so a member alone proves nothing.
    entries = value.items() if isinstance(value, Mapping) else ()
    return any(
        isinstance(entry, Mapping)
        and entry.keys() & BY_NAME.keys()
        and ("integration_type" in entry or _is_type(str(name)))
        for name, entry in entries
    )


def _is_type(name: str) -> bool:
    return name.upper().replace("-", "_") in IntegrationType.__members__


def nearest(word: str, known: tuple[str, ...], prefix: str = "") -> str:
    """Return a suggestion: the known word that is nearest to this one, or all of them."""
    meant = closest_word(word, known)
    return f"did you mean {prefix}{meant}?" if meant else f"use one of {', '.join(known)}"
