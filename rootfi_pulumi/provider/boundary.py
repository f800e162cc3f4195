"""The boundary to the engine: what each operation may raise, and how the user sees it."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from rootfi_pulumi.api.errors import RootFiError
from rootfi_pulumi.declaration.from_env import NotInEnvironmentError
from rootfi_pulumi.provider.engine_watch import InFlight
from rootfi_pulumi.provider.phrases import BUG, NOT_CREATED
from rootfi_pulumi.sdk_internals.plugin_process import is_plugin
from rootfi_pulumi.sdk_internals.sdk_call import variable_of_caller
from rootfi_pulumi.sdk_internals.shown_error import make_shown_error
from rootfi_pulumi.state import name_of

Method = TypeVar("Method", bound=Callable[..., Any])

IN_FLIGHT = InFlight()
"""The operations that this process has under way."""


class ProviderError(Exception):
    """What the provider refuses before RootFi is asked; `str()` says what failed, why and what to do."""


class UnexpectedError(Exception):
    """A bug of this package; `str()` holds no value. What RootFi did is unknown."""


def operation(method: Method) -> Method:
    """Count a method of the provider as an operation under way, and raise nothing but what a user can read.

    In the plugin an error begins with the name of the resource. What `create` raises on purpose begins with
    NOT_CREATED: it must raise nothing on purpose once a POST may have reached RootFi.
    """

    @functools.wraps(method)
    def wrapper(*args: Any) -> Any:
        failed = f"{method.__name__} failed"
        try:
            with IN_FLIGHT.operation():
                return method(*args)
        except (RootFiError, ProviderError, NotInEnvironmentError) as error:
            raise _shown(error, NOT_CREATED if method.__name__ == "create" else failed) from None
        except Exception as error:  # noqa: BLE001 (the boundary to the engine)
            text = f"{BUG} ({type(error).__name__} in {method.__name__}); please report it"
            raise _shown(UnexpectedError(text), failed) from None

    return wrapper  # type: ignore[return-value]


def _shown(error: Exception, failed: str) -> Exception:
    # Who calls the provider without an engine handles the classes.
    return make_shown_error(": ".join([*_name(), failed]), str(error)) if is_plugin() else error


def _name() -> list[str]:
    urn = resource_urn()
    return [name_of(urn)] if urn else []


def resource_urn() -> str | None:
    """Return the URN of the resource that the engine asks about, where it can be found."""
    request = variable_of_caller("request", "urn")
    return request.urn if request else None
