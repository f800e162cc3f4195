"""What runs in the plugin process: check, diff, create, read, update and delete, in terms of `api`.

`operations` is what the engine calls; `outputs` decides what a refresh counts as drift, `comparison` what a
diff shows. `create_watch` starts a process that outlives the plugin; the program and `doctor` use the texts
and the questions of this package, but never load the provider.

`RootFiIntegrationProvider` is importable from here for ever: users' states name it by this path.
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
