"""RootFi integrations as Pulumi resources.

The public names. They load when first used, so that the plugin process, which needs only the provider,
never loads pydantic (`declaration.model`).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rootfi_pulumi.api.models import IntegrationType
    from rootfi_pulumi.declaration.from_env import FromEnv
    from rootfi_pulumi.program.args import (
        EnvironmentIntegrationArgs,
        FromEnvDict,
        IntegrationSummary,
        RootFiIntegrationArgs,
    )
    from rootfi_pulumi.program.environment import Environment
    from rootfi_pulumi.program.integration import RootFiIntegration, RootFiProvider

_HOMES = {
    "Environment": "rootfi_pulumi.program.environment",
    "EnvironmentIntegrationArgs": "rootfi_pulumi.program.args",
    "FromEnv": "rootfi_pulumi.declaration.from_env",
    "FromEnvDict": "rootfi_pulumi.program.args",
    "IntegrationSummary": "rootfi_pulumi.program.args",
    "IntegrationType": "rootfi_pulumi.api.models",
    "RootFiIntegration": "rootfi_pulumi.program.integration",
    "RootFiIntegrationArgs": "rootfi_pulumi.program.args",
    "RootFiProvider": "rootfi_pulumi.program.integration",
}

__all__ = [
    "Environment",
    "EnvironmentIntegrationArgs",
    "FromEnv",
    "FromEnvDict",
    "IntegrationSummary",
    "IntegrationType",
    "RootFiIntegration",
    "RootFiIntegrationArgs",
    "RootFiProvider",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
