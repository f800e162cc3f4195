"""Reads an environment's declaration from stack config; reports every mistake at once.

Loaded in the program only. Rests on https://www.pulumi.com/docs/iac/concepts/config/
"""

import difflib
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import pulumi
from pulumi.runtime.config import get_config_env
from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from rootfi_pulumi.api import settings, validation
from rootfi_pulumi.from_env import FromEnv, name_problem, variable_problem

_SETTINGS = ("apiKey", "baseUrl", "integrations")
_WHAT_IT_MUST_BE = "must be a mapping of names to integrations, or {} for none"


class ConfigError(ValueError):
    """The declaration is not usable. `problems` has a line for each mistake: `path: what is wrong`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _checked(problem_of: Callable[[object], str | None]) -> BeforeValidator:
    def validate(value: object) -> object:
        if problem := problem_of(value):
            raise _problem(problem)
        return value

    return BeforeValidator(validate)


def _problem(problem: str) -> PydanticCustomError:
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
    raise _problem(problem)


def _name_problem(value: object) -> str | None:
    if isinstance(value, str) and value.strip() and value.isprintable() and "::" not in value:
        return None
    return "is not a name: use text without line breaks and without '::'"


def _adopt_problem(value: object) -> str | None:
    return None if value is None else validation.id_problem(value)


_Flag = Annotated[bool, _checked(validation.flag_problem)]


class IntegrationConfig(BaseModel):
    """One entry of `rootfi:integrations`: members as in RootFi's documentation, then Pulumi's own."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    integration_type: Annotated[str, _checked(validation.integration_type_problem)]
    client_id: Annotated[str, _checked(validation.credential_problem)]
    client_secret: Annotated[SecretStr | FromEnv, BeforeValidator(_client_secret)]
    is_rootfi_identity: _Flag = False
    is_disabled: _Flag = False
    adopt: Annotated[int | None, _checked(_adopt_problem)] = None
    protect: _Flag = False
    retain_on_delete: _Flag = False


Integrations = dict[Annotated[str, _checked(_name_problem)], IntegrationConfig]


def read_stack_config() -> Integrations:
    """Read and validate the running stack's `rootfi:` config.

    Raises ConfigError with every mistake, in settings and in integrations; no credential is in it.
    """
    config = pulumi.Config("rootfi")
    problems = _unknown_settings(get_config_env())
    try:
        settings.resolve(config.get("apiKey"), config.get("baseUrl"))
    except settings.SettingsError as error:
        problems.append(str(error))
    text = config.get("integrations")
    if text is None:
        raise ConfigError([*problems, f"rootfi:integrations: is not set: it {_WHAT_IT_MUST_BE}"])
    try:
        declared = json.loads(text)
    except (ValueError, RecursionError):
        declared = text
    try:
        integrations = read_integrations(declared)
    except ConfigError as error:
        problems += error.problems
    else:
        problems += _missing_variables(integrations)
    if problems:
        raise ConfigError(problems)
    return integrations


def _missing_variables(integrations: Integrations) -> list[str]:
    # The plugin would tell one a run; it reads the same environment.
    variables = {
        name: entry.client_secret.name
        for name, entry in integrations.items()
        if isinstance(entry.client_secret, FromEnv)
    }
    return [
        f"integrations.{name}.client_secret: {problem}"
        for name, variable in variables.items()
        if (problem := variable_problem(variable))
    ]


def _unknown_settings(config: Mapping[str, Any]) -> list[str]:
    # A misspelt baseUrl would send the key to the default host.
    problems = []
    for key in sorted(config):
        namespace, _, name = key.partition(":")
        if namespace == "rootfi" and name not in _SETTINGS:
            nearest = difflib.get_close_matches(name, _SETTINGS, n=1)
            hint = f"did you mean rootfi:{nearest[0]}?" if nearest else f"use {', '.join(_SETTINGS)}"
            problems.append(f"{key}: is not a setting: {hint}")
    return problems


def read_integrations(declared: object) -> Integrations:
    """Validate a value of `rootfi:integrations`, a mapping of resource names to members.

    Raises ConfigError with every mistake, each with its path; no credential is in it.
    """
    if not isinstance(declared, Mapping):
        raise ConfigError([f"integrations: {_WHAT_IT_MUST_BE}"])
    problems = []
    integrations: Integrations = {}
    try:
        integrations = TypeAdapter(Integrations).validate_python(dict(declared))
    except ValidationError as error:
        problems = [_line(details) for details in error.errors(include_url=False, include_input=False)]
    for member in ("integration_type", "adopt"):
        problems += _repeated(declared, member)
    if problems:
        raise ConfigError(problems)
    return integrations


def _line(details: ErrorDetails) -> str:
    loc = [str(part) for part in details["loc"] if part != "[key]"]
    return f"{'.'.join(['integrations', *loc])}: {_what_is_wrong(details)}"


def _what_is_wrong(details: ErrorDetails) -> str:
    match details["type"]:
        case "rootfi":
            return details["msg"]
        case "missing":
            return "is missing"
        case "extra_forbidden":
            nearest = difflib.get_close_matches(
                str(details["loc"][-1])[:64], IntegrationConfig.model_fields, n=1
            )
            hint = (
                f"did you mean {nearest[0]}?"
                if nearest
                else f"use {', '.join(IntegrationConfig.model_fields)}"
            )
            return f"is not a member of an integration: {hint}"
        case _:
            return "must be a mapping with integration_type, client_id and client_secret"


def _repeated(declared: Mapping[str, Any], member: str) -> list[str]:
    first: dict[object, str] = {}
    problems = []
    for name, entry in declared.items():
        value = entry.get(member) if isinstance(entry, Mapping) else None
        if not isinstance(value, str | int):
            continue
        if value in first:
            problems.append(
                f"integrations.{name}.{member}: {first[value]} has the same: one of each is allowed"
            )
        first.setdefault(value, str(name))
    return problems
