"""The rules of a declaration, one for each member: plain functions, which load at once.

`config` reads a declaration by them and finds every mistake; here is just told whether there is one.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from rootfi_pulumi.api import validation
from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.api.nearest import nearest_word
from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.declaration.problems import LONGEST_KEY, Problem

SETTINGS = ("apiKey", "baseUrl", "timeoutSeconds", "concurrency", "integrations")
"""The keys of the namespace `rootfi`."""
WHAT_IT_MUST_BE = "must be a mapping of names to integrations, or {} for none"


def name_of_integration_problem(value: object) -> str | None:
    """Say what is wrong with an integration's name, or None."""
    if isinstance(value, str) and value.strip() and value.isprintable() and "::" not in value:
        return None
    return "is not a name: use text without line breaks and without '::'"


def _client_secret_problem(value: object) -> str | None:
    if not isinstance(value, Mapping):
        return validation.credential_problem(value)
    if set(value) != {"from_env"}:
        return "must be text or {from_env: NAME}, and nothing beside"
    problem = from_env.name_problem(value["from_env"])
    return f"from_env {problem}" if problem else None


def _adopt_problem(value: object) -> str | None:
    return None if value is None else validation.id_problem(value)


RULES: dict[str, Callable[[object], str | None]] = {
    "integration_type": validation.integration_type_problem,
    "client_id": validation.credential_problem,
    "client_secret": _client_secret_problem,
    "is_rootfi_identity": validation.flag_problem,
    "is_disabled": validation.flag_problem,
    "adopt": _adopt_problem,
    "protect": validation.flag_problem,
    "retain_on_delete": validation.flag_problem,
}
"""Each member of an integration with what tells its problem."""
REQUIRED = {"integration_type", "client_id", "client_secret"}


def repeated(declared: Mapping[Any, Any]) -> Iterator[Problem]:
    """Name what each integration must have for itself and another has as well."""
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
    """Name every `rootfi:` key that is no setting: a misspelt baseUrl sends the key to the default host."""
    problems = []
    for key in sorted(map(str, config)):
        namespace, _, name = key.partition(":")
        if namespace == "rootfi" and name not in SETTINGS:
            problems.append(Problem((key,), f"is not a setting: {nearest(name, SETTINGS, 'rootfi:')}"))
    return problems


def misplaced_declarations(config: Mapping[str, object]) -> list[Problem]:
    """Name every declaration in another namespace, as a project of another name makes it: nobody reads it."""
    what = "is not read: write it under rootfi:integrations"
    return [
        Problem((key,), what)
        for key, value in config.items()
        if key.endswith(":integrations") and key != "rootfi:integrations" and _is_declaration(value)
    ]


def _is_declaration(value: object) -> bool:
    # Other products have integrations, too, and client ids.
    entries = value.items() if isinstance(value, Mapping) else ()
    return any(
        isinstance(entry, Mapping)
        and entry.keys() & RULES.keys()
        and ("integration_type" in entry or _is_type(str(name)))
        for name, entry in entries
    )


def _is_type(name: str) -> bool:
    return name.upper().replace("-", "_") in IntegrationType.__members__


def nearest(word: str, known: tuple[str, ...], prefix: str = "") -> str:
    """Name the known word that is near to this one, or all of them."""
    meant = nearest_word(word, known)
    return f"did you mean {prefix}{meant}?" if meant else f"use one of {', '.join(known)}"
