"""Returns the SDK's client of the engine's resource monitor, which `pulumi.runtime` does not export.

A request that the SDK has no function for is sent with it (`plugin_start`, `state_writer`). It also
identifies a run: a process can run several inline programs of the Automation API, and each has a client of
its own.
"""

import asyncio
from typing import Any

import pulumi
from pulumi.runtime import settings

_NO_RUN = (
    "no Pulumi program is running here. Run this one with `pulumi`, or in a unit test call "
    "`pulumi.runtime.set_mocks` before the program is imported."
)


def running_monitor() -> Any:
    """Return the running program's client, or None if the SDK keeps it elsewhere."""
    get = getattr(settings, "get_monitor", None)
    return get() if get else None


def run_key() -> Any:
    """Return an object that identifies the run: its client, or else its event loop.

    Raises pulumi.RunError if there is neither.
    """
    if monitor := running_monitor():
        return monitor
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise pulumi.RunError(_NO_RUN) from None
