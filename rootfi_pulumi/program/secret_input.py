"""The inputs that a program's secrets become: for the engine, or for the mocks of a unit test."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pulumi import Output

from rootfi_pulumi.declaration.from_env import FromEnv
from rootfi_pulumi.program.args import Input

T = TypeVar("T")


def secret_input(client_secret: Any) -> Any:
    """Return the input of a `client_secret`, which the engine encrypts."""
    if variable := _variable(client_secret):
        return _from_env_input(variable)
    secret: Output[Any] = Output.secret(client_secret)
    return secret.apply(lambda value: _from_env_input(named) if (named := _variable(value)) else value)


def mocked_secret_input(client_secret: Any) -> Any:
    """Return the input of a `client_secret` as mocks get it: plain text or `{"from_env": name}`."""
    if variable := _variable(client_secret):
        return {"from_env": variable.name}
    return plain_input(client_secret).apply(
        lambda value: {"from_env": named.name} if (named := _variable(value)) else value
    )


def plain_input(value: Input[T]) -> Output[T]:
    """Return a value as mocks get it: the SDK would pass them a secret as a mapping with a signature."""
    return Output.unsecret(Output.from_input(value))


def _variable(client_secret: object) -> FromEnv | None:
    if isinstance(client_secret, FromEnv):
        return client_secret
    if isinstance(client_secret, Mapping) and set(client_secret) == {"from_env"}:
        return FromEnv(client_secret["from_env"])
    return None


def _from_env_input(variable: FromEnv) -> dict[str, Any]:
    # The engine encrypts what is secret here, so the digest that `check` puts in its place is too.
    return {"from_env": variable.name, "digest": Output.secret("")}
