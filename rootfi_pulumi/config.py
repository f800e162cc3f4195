"""What an environment's declaration may hold; every mistake is reported at once, with its path.

Knows nothing of Pulumi, and is not loaded in the plugin. The members are those of
https://docs.integrationlabs.co/api-reference/v2/core/integrations/create-integrations
"""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, NamedTuple

from rootfi_pulumi.api import validation
from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.from_env import FromEnv, name_problem

LONGEST_KEY = 80
_SETTINGS = ("apiKey", "baseUrl", "timeoutSeconds", "concurrency", "integrations")
WHAT_IT_MUST_BE = "must be a mapping of names to integrations, or {} for none"


class Problem(NamedTuple):
    """One mistake: where it is, as the keys that lead there, and what is wrong."""

    path: tuple[str, ...]
    what: str

    def __str__(self) -> str:
        # A key may be anything that was pasted.
        keys = (excerpt(key, LONGEST_KEY) for key in self.path)
        return f"{'.'.join(keys)}: {self.what}"


class ConfigError(ValueError):
    """The declaration is not usable; `problems` holds every mistake, `str()` a line for each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def _client_secret_problem(value: object) -> str | None:
    if not isinstance(value, Mapping):
        return validation.credential_problem(value)
    if set(value) != {"from_env"}:
        return "must be text or {from_env: NAME}, and nothing beside"
    problem = name_problem(value["from_env"])
    return problem and f"from_env {problem}"


def _name_problem(value: object) -> str | None:
    if isinstance(value, str) and value.strip() and value.isprintable() and "::" not in value:
        return None
    return "is not a name: use text without line breaks and without '::'"


def _adopt_problem(value: object) -> str | None:
    return None if value is None else validation.id_problem(value)


def _member(
    problem_of: Callable[[object], str | None], description: str, default: object = MISSING, **options: Any
) -> Any:
    metadata = {"problem_of": problem_of, "description": description}
    return field(default=default, metadata=metadata, **options)


@dataclass(frozen=True)
class IntegrationConfig:
    """One entry of `rootfi:integrations`: members as in RootFi's documentation, then Pulumi's own.

    Each field's metadata holds its `description`, and `problem_of`, which tells what is wrong with a value.
    A dataclass, and no model of pydantic's: to load that takes longer than all else that a run does here.
    """

    integration_type: str = _member(
        validation.integration_type_problem,
        "RootFi's name of the platform. Changing it replaces the integration.",
    )
    client_id: str = _member(validation.credential_problem, "Of the OAuth application at the platform.")
    client_secret: str | FromEnv = _member(  # noqa: RUF009 (a field)
        _client_secret_problem,
        "{secure: …}, encrypted by Pulumi, or {from_env: NAME}, an environment variable where pulumi runs.",
        repr=False,
    )
    is_rootfi_identity: bool = _member(validation.flag_problem, "Use RootFi's own OAuth application.", False)
    is_disabled: bool = _member(validation.flag_problem, "Switch the integration off at RootFi.", False)
    adopt: int | None = _member(
        _adopt_problem,
        "The rootfi_id of an existing integration: it is taken over by one read, without a write.",
        None,
    )
    protect: bool = _member(validation.flag_problem, "Pulumi's own: refuse to delete.", False)
    retain_on_delete: bool = _member(
        validation.flag_problem, "Pulumi's own: forget instead of disabling.", False
    )


Integrations = dict[str, IntegrationConfig]


def unknown_settings(config: Mapping[str, object]) -> list[Problem]:
    """Name every `rootfi:` key that is no setting: a misspelt baseUrl sends the key to the default host."""
    problems = []
    for key in sorted(map(str, config)):
        namespace, _, name = key.partition(":")
        if namespace == "rootfi" and name not in _SETTINGS:
            problems.append(Problem((key,), f"is not a setting: {_nearest(name, _SETTINGS, 'rootfi:')}"))
    return problems


def read_integrations(declared: object) -> Integrations:
    """Validate a value of `rootfi:integrations`, a mapping of resource names to members.

    Raises ConfigError with every mistake; no credential is in it.
    """
    if not isinstance(declared, Mapping):
        raise ConfigError([Problem(("integrations",), WHAT_IT_MUST_BE)])
    problems: list[Problem] = []
    for name, entry in declared.items():
        here = ("integrations", str(name))
        problems += [Problem(here + path, what) for path, what in _problems_of(name, entry)]
    for member in ("integration_type", "adopt"):
        problems += _repeated(declared, member)
    if problems:
        raise ConfigError(problems)
    return {name: _integration(entry) for name, entry in declared.items()}


def _problems_of(name: object, entry: object) -> Iterator[tuple[tuple[str, ...], str]]:
    if problem := _name_problem(name):
        yield (), problem
    if not isinstance(entry, Mapping):
        yield (), "must be a mapping with integration_type, client_id and client_secret"
        return
    members = {each.name: each for each in fields(IntegrationConfig)}
    for member in members.values():
        if member.name not in entry:
            problem = "is missing" if member.default is MISSING else None
        else:
            problem = member.metadata["problem_of"](entry[member.name])
        if problem:
            yield (member.name,), problem
    for key in entry:
        if key not in members:
            nearest = _nearest(str(key), tuple(members))
            yield (str(key),), f"is not a member of an integration: {nearest}"


def _integration(entry: Mapping[str, Any]) -> IntegrationConfig:
    secret, adopt = entry["client_secret"], entry.get("adopt")
    read = {
        "client_secret": FromEnv(secret["from_env"]) if isinstance(secret, Mapping) else secret,
        "adopt": None if adopt is None else int(adopt),
    }
    return IntegrationConfig(**{**entry, **read})


def _nearest(word: str, known: tuple[str, ...], prefix: str = "") -> str:
    nearest = difflib.get_close_matches(word[:LONGEST_KEY], known, n=1)
    return f"did you mean {prefix}{nearest[0]}?" if nearest else f"use {', '.join(known)}"


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
