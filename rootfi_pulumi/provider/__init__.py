"""What runs in the plugin process: check, diff, create, read, update and delete, in terms of `api`.

`RootFiIntegrationProvider` is importable from here for ever: users' states name it by this path. It loads
when it is first used, since the program reads constants of this package and needs no provider.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rootfi_pulumi.provider.operations import RootFiIntegrationProvider

__all__ = ["RootFiIntegrationProvider"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from rootfi_pulumi.provider.operations import RootFiIntegrationProvider  # noqa: PLC0415

    return RootFiIntegrationProvider
