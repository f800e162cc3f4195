"""What an environment's declaration may hold; every mistake is reported at once, with its path.

Knows nothing of Pulumi, and is not loaded in the plugin. The members are those of
https://docs.integrationlabs.co/api-reference/v2/core/integrations/create-integrations
"""

from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from rootfi_pulumi.api import validation
from rootfi_pulumi.declaration.from_env import FromEnv
from rootfi_pulumi.declaration.problems import ConfigError, Problem
from rootfi_pulumi.declaration.rules import (
    RULES,
    WHAT_IT_MUST_BE,
    name_of_integration_problem,
    nearest,
    repeated,
)


def _checked(problem_of: Callable[[object], str | None]) -> BeforeValidator:
    def validate(value: object) -> object:
        if problem := problem_of(value):
            raise _custom(problem)
        return value

    return BeforeValidator(validate)


def _custom(problem: str) -> PydanticCustomError:
    return PydanticCustomError("rootfi", "{problem}", {"problem": problem})


def _client_secret(value: object) -> SecretStr | FromEnv:
    if problem := RULES["client_secret"](value):
        raise _custom(problem)
    return FromEnv(value["from_env"]) if isinstance(value, Mapping) else SecretStr(str(value))


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
    adopt: Annotated[int | None, _checked(RULES["adopt"])] = Field(
        default=None,
        description="The rootfi_id of an existing integration: "
        "it is taken over by one read, without a write.",
    )
    protect: _Flag = Field(default=False, description="Pulumi's own: refuse to delete.")
    retain_on_delete: _Flag = Field(default=False, description="Pulumi's own: forget instead of disabling.")


Integrations = dict[Annotated[str, _checked(name_of_integration_problem)], IntegrationConfig]


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
    problems += repeated(declared)
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
            return f"is not a member of an integration: {nearest(str(details['loc'][-1]), tuple(RULES))}"
        case _:
            return "must be a mapping with integration_type, client_id and client_secret"
