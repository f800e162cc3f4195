"""What an environment's declaration may hold; every mistake is reported at once, with its path.

Knows nothing of Pulumi, and is not loaded in the plugin. The members are those of
https://docs.integrationlabs.co/api-reference/v2/core/integrations/create-integrations
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

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


def _checked(problem_of: Callable[[object], str | None]) -> BeforeValidator:
    def validate(value: object) -> object:
        if problem := problem_of(value):
            raise _custom(problem)
        return value

    return BeforeValidator(validate)


def _custom(problem: str) -> PydanticCustomError:
    return PydanticCustomError("rootfi", "{problem}", {"problem": problem})


def _client_secret(value: object) -> SecretStr | FromEnv:
    if not isinstance(value, Mapping):
        problem = validation.credential_problem(value)
        if not problem:
            return SecretStr(str(value))
    elif set(value) == {"from_env"}:
        problem = name_problem(value["from_env"])
        if not problem:
            return FromEnv(value["from_env"])
        problem = f"from_env {problem}"
    else:
        problem = "must be text or {from_env: NAME}, and nothing beside"
    raise _custom(problem)


def _name_problem(value: object) -> str | None:
    if isinstance(value, str) and value.strip() and value.isprintable() and "::" not in value:
        return None
    return "is not a name: use text without line breaks and without '::'"


def _adopt_problem(value: object) -> str | None:
    return None if value is None else validation.id_problem(value)


_Flag = Annotated[bool, _checked(validation.flag_problem)]


class IntegrationConfig(BaseModel):
    """One entry of `rootfi:integrations`: members as in RootFi's documentation, then Pulumi's own."""

    # Not use_attribute_docstrings: to find them in the source takes longer than the rest of the model.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    integration_type: Annotated[
        str,
        _checked(validation.integration_type_problem),
        Field(description="RootFi's name of the platform. Changing it replaces the integration."),
    ]
    client_id: Annotated[
        str,
        _checked(validation.credential_problem),
        Field(description="Of the OAuth application at the platform."),
    ]
    client_secret: Annotated[
        SecretStr | FromEnv,
        BeforeValidator(_client_secret),
        Field(
            description="{secure: …}, encrypted by Pulumi, "
            "or {from_env: NAME}, an environment variable where pulumi runs."
        ),
    ]
    is_rootfi_identity: _Flag = Field(default=False, description="Use RootFi's own OAuth application.")
    is_disabled: _Flag = Field(default=False, description="Switch the integration off at RootFi.")
    adopt: Annotated[int | None, _checked(_adopt_problem)] = Field(
        default=None,
        description="The rootfi_id of an existing integration: "
        "it is taken over by one read, without a write.",
    )
    protect: _Flag = Field(default=False, description="Pulumi's own: refuse to delete.")
    retain_on_delete: _Flag = Field(default=False, description="Pulumi's own: forget instead of disabling.")


Integrations = dict[Annotated[str, _checked(_name_problem)], IntegrationConfig]


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
    problems = []
    integrations: Integrations = {}
    try:
        integrations = TypeAdapter(Integrations).validate_python(dict(declared))
    except ValidationError as error:
        problems = [_problem_of(details) for details in error.errors(include_url=False, include_input=False)]
    for member in ("integration_type", "adopt"):
        problems += _repeated(declared, member)
    if problems:
        raise ConfigError(problems)
    return integrations


def _problem_of(details: ErrorDetails) -> Problem:
    loc = (str(part) for part in details["loc"] if part != "[key]")
    return Problem(("integrations", *loc), _what_is_wrong(details))


def _what_is_wrong(details: ErrorDetails) -> str:
    match details["type"]:
        case "rootfi":
            return details["msg"]
        case "missing":
            return "is missing"
        case "extra_forbidden":
            members = tuple(IntegrationConfig.model_fields)
            return f"is not a member of an integration: {_nearest(str(details['loc'][-1]), members)}"
        case _:
            return "must be a mapping with integration_type, client_id and client_secret"


def _nearest(word: str, known: tuple[str, ...], prefix: str = "") -> str:
    # Only mistakes need it, and every run would load it.
    import difflib  # noqa: PLC0415

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
