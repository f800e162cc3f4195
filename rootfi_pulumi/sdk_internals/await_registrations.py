"""Makes the SDK wait for each of the program's resources once, before it waits for their outputs.

When a program has ended, the SDK first waits for the registrations of its resources, then for the outputs
that are left. But it looks for registrations one turn of the event loop too early and finds none. So it waits
for the outputs, a dozen for each integration, and whenever one is there, for all that are left: the time of a
program grows with the square of its resources.

A registration that is there when the SDK looks, and is done already, makes it let the loop turn and find the
others. If the SDK's list of registrations is not as expected, nothing is changed.
"""

import asyncio

from pulumi.runtime import settings


def wait_for_registrations_first() -> None:
    """Add such a registration to the running program; one is enough."""
    registrations = getattr(getattr(settings.SETTINGS, "rpc_manager", None), "rpcs", None)
    if isinstance(registrations, list):
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        registrations.append(done)
