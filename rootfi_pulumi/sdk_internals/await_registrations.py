"""Has the SDK wait for the program's resources, each once, before it waits for their outputs.

When a program has ended, the SDK first waits for the registrations of its resources, then for the outputs
that are left. But it looks for registrations before the loop's next turn, in which they come about, and finds
none. So it waits for the outputs, a dozen for each integration, and for all of them anew whenever one is
there: the time of a program grows with the square of its resources.

A registration that is over already, there when the SDK looks, makes it let the loop turn and find the others.
The list of them is not documented: where it is not as expected, nothing happens, and it stays as slow.
"""

import asyncio

from pulumi.runtime import settings


def wait_for_registrations_first() -> None:
    """Do so for the running program; once is enough."""
    registrations = getattr(getattr(settings.SETTINGS, "rpc_manager", None), "rpcs", None)
    if isinstance(registrations, list):
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        over.set_result(None)
        registrations.append(over)
