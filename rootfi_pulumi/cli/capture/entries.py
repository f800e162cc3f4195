"""Builds entries of `rootfi:integrations` from existing integrations."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.api.validation import credential_problem
from rootfi_pulumi.declaration.from_env import FromEnv

_OTHER_NAME = "choose another name with --name"


class CaptureError(Exception):
    """Nothing was written. `problems` has a line for each reason, without credentials."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Entry:
    """An entry: its name, its members, and separately its client secret, as a string or a variable."""

    name: str
    members: dict[str, Any]
    client_secret: str | FromEnv = field(repr=False)

    def declaration(self, client_secret: Mapping[str, str]) -> dict[str, Any]:
        """Return the entry's members in RootFi's order, with `client_secret` in place of a string."""
        secret = self.client_secret
        shown = {"from_env": secret.name} if isinstance(secret, FromEnv) else dict(client_secret)
        members = dict(self.members)
        first = {name: members.pop(name) for name in ("integration_type", "client_id")}
        return {**first, "client_secret": shown, **members}


def build_entries(
    integrations: Sequence[Integration],
    declared: Mapping[str, Any],
    managed: Mapping[str, str] | None = None,
    *,
    name: str | None = None,
    from_env: bool = False,
) -> list[Entry]:
    """Return an entry for each integration. `name` is for a single one; the default is its type.

    `declared` has the stack's existing entries, `managed` the ids of the integrations that it manages, both
    by name. A secret that RootFi masks or omits becomes a variable, and with `from_env` every secret does.
    Raises CaptureError with every problem.
    """
    made: list[Entry] = []
    problems: list[str] = []
    for integration in integrations:
        try:
            made.append(_entry(integration, name, from_env))
        except CaptureError as error:
            problems += error.problems
    problems += _clashes(made, declared, managed or {})
    if problems:
        raise CaptureError(*problems)
    return made


def _entry(integration: Integration, name: str | None, from_env: bool) -> Entry:
    rootfi_id = integration.rootfi_id
    for member in ("integration_type", "client_id"):
        if not getattr(integration, member):
            raise CaptureError(
                f"integration {rootfi_id}: RootFi does not show its {member}: declare it by hand"
            )
    members: dict[str, Any] = {
        "integration_type": integration.integration_type,
        "client_id": integration.client_id,
    }
    members |= {flag: True for flag in ("is_rootfi_identity", "is_disabled") if getattr(integration, flag)}
    members["adopt"] = rootfi_id
    name = name or str(integration.integration_type).lower().replace("_", "-")
    secret = integration.client_secret
    if secret is None or from_env:
        return Entry(name, members, FromEnv(_variable(name)))
    if problem := credential_problem(secret):
        advice = "correct it in RootFi, or capture it with --from-env"
        raise CaptureError(f"integration {rootfi_id}: its client_secret {problem}: {advice}")
    return Entry(name, members, secret)


def _variable(name: str) -> str:
    words = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").upper()
    variable = f"{words}_CLIENT_SECRET".lstrip("_")
    return f"_{variable}" if variable[0].isdigit() else variable


def _clashes(made: list[Entry], declared: Mapping[str, Any], managed: Mapping[str, str]) -> list[str]:
    problems: list[str] = []
    members = [entry if isinstance(entry, dict) else {} for entry in declared.values()]
    adopted = {entry.get("adopt"): name for name, entry in zip(declared, members, strict=True)}
    types = {entry.get("integration_type"): name for name, entry in zip(declared, members, strict=True)}
    for entry in made:
        rootfi_id, kind = entry.members["adopt"], entry.members["integration_type"]
        what = f"integration {rootfi_id}"
        if rootfi_id in adopted:
            problems.append(f"{what}: {adopted[rootfi_id]} already adopts it")
        elif kind in types:
            problems.append(f"{what}: {_taken(types[kind], kind, rootfi_id, managed.get(types[kind]))}")
        elif entry.name in declared:
            problems.append(f"{what}: {entry.name} is already declared: {_OTHER_NAME}")
        elif entry.name in managed:
            problems.append(f"{what}: {entry.name} manages integration {managed[entry.name]}: {_OTHER_NAME}")
    times = Counter(entry.members["integration_type"] for entry in made)
    problems += [
        f"{times[kind]} of these integrations have type {kind}: a stack can have one of each type"
        for kind in times
        if times[kind] > 1
    ]
    return problems


def _taken(name: str, kind: str, rootfi_id: int, manages: str | None) -> str:
    if manages is None:
        return (
            f"{name} is already declared with type {kind}: to adopt this one, add `adopt: {rootfi_id}` there"
        )
    # Pulumi would replace the integration: adopt the new one, then disable the old one.
    return (
        f"{name} is already declared with type {kind} and manages integration {manages}: "
        f"add `adopt: {rootfi_id}` there only to replace and disable {manages}"
    )
