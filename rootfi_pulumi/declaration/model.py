"""Validate a declaration with pydantic, which reports every mistake at once, each with its path.

The plugin process never loads this module: pydantic takes longer to load than the plugin has work.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from rootfi_pulumi.declaration.from_env import FromEnv
from rootfi_pulumi.declaration.members import BY_NAME
from rootfi_pulumi.declaration.problems import ConfigError, Problem
from rootfi_pulumi.declaration.rules import (
    WHAT_IT_MUST_BE,
    name_of_integration_problem,
    nearest,
    repeated,
)


def _custom(problem: str) -> PydanticCustomError:
    return PydanticCustomError("rootfi", "{problem}", {"problem": problem})


def _member(name: str) -> Any:
    member = BY_NAME[name]
    return Field(... if member.is_required else member.default, description=member.help)


class IntegrationConfig(BaseModel):
    """One entry of `rootfi:integrations`: members as in RootFi's documentation, then Pulumi's own."""

    # `use_attribute_docstrings` would take longer than building the rest of the model.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    integration_type: str = _member("integration_type")
    client_id: str = _member("client_id")
    client_secret: SecretStr | FromEnv = _member("client_secret")
    is_rootfi_identity: bool = _member("is_rootfi_identity")
    is_disabled: bool = _member("is_disabled")
    adopt: int | None = _member("adopt")
    protect: bool = _member("protect")
    retain_on_delete: bool = _member("retain_on_delete")

    @field_validator("*", mode="before")
    @classmethod
    def _check(cls, value: object, info: ValidationInfo) -> object:
        name = str(info.field_name)
        if problem := BY_NAME[name].problem_of(value):
            raise _custom(problem)
        if name != "client_secret":
            return value
        return FromEnv(value["from_env"]) if isinstance(value, Mapping) else SecretStr(str(value))


def _named(name: object) -> object:
    if problem := name_of_integration_problem(name):
        raise _custom(problem)
    return name


Integrations = dict[Annotated[str, BeforeValidator(_named)], IntegrationConfig]


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
            return f"is not a member of an integration: {nearest(str(details['loc'][-1]), tuple(BY_NAME))}"
        case _:
            return "must be a mapping with integration_type, client_id and client_secret"
