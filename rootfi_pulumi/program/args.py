"""The types of what a program passes to the public classes and gets back from them.

The members' texts repeat the `:param` lines of the classes, as in Pulumi's generated SDKs, so that an editor
shows them in a mapping as well. A test compares them.
"""

from collections.abc import Awaitable
from typing import NotRequired, TypeAlias, TypedDict, TypeVar

from pulumi import Output

from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.declaration.from_env import FromEnv

T = TypeVar("T")

Input: TypeAlias = T | Awaitable[T] | Output[T]
"""`pulumi.Input`, which holds a forward reference that typing.get_type_hints cannot resolve."""


class FromEnvDict(TypedDict):
    """`FromEnv` as a mapping, as a stack file has it."""

    from_env: str
    """Name of the environment variable."""


class RootFiIntegrationArgs(TypedDict):
    """The arguments of a `RootFiIntegration` as a mapping: `RootFiIntegration(name, **args)`."""

    integration_type: Input[IntegrationType | str]
    """The platform. Changing it replaces the integration."""
    client_id: Input[str]
    """Client id of the OAuth application at the platform."""
    client_secret: Input[str | FromEnv | FromEnvDict]
    """Secret of the OAuth application, kept as a Pulumi secret. The value of a `FromEnv` is never stored."""
    is_rootfi_identity: NotRequired[Input[bool]]
    """Use RootFi's own OAuth application. Default: False."""
    is_disabled: NotRequired[Input[bool]]
    """Switch the integration off at RootFi. Default: False."""
    adopt: NotRequired[Input[int | None]]
    """The `rootfi_id` of an existing integration to manage instead of creating one. Default: None."""


class EnvironmentIntegrationArgs(RootFiIntegrationArgs):
    """One integration of an `Environment`: the arguments of a `RootFiIntegration` and two Pulumi options."""

    protect: NotRequired[bool]
    """Refuse to delete the integration. Default: as the component's options say."""
    retain_on_delete: NotRequired[bool]
    """Forget the integration instead of disabling it. Default: as the component's options say."""


class IntegrationSummary(TypedDict):
    """What `Environment.summary` has for each integration; it holds no secret."""

    rootfi_id: int | None
    """RootFi's id. None while it is unknown whether RootFi created the integration."""
    integration_type: str
    """The platform."""
    client_id: str
    """Client id of the OAuth application."""
    is_disabled: bool
    """Whether the integration is switched off at RootFi."""


ARGUMENTS = RootFiIntegrationArgs.__required_keys__ | RootFiIntegrationArgs.__optional_keys__
"""Names of the arguments of a `RootFiIntegration`, each of which may be an Output."""
