"""Has the engine start the plugin while the program is still declaring.

The engine starts a plugin, a Python that loads the SDK anew, when it has to do with the first resource. From
a Python program that comes when the program has ended; until then a second processor has nothing to do.

Any question to the default provider makes the engine start it. The SDK's plugin answers none, and nobody
waits for the answer: where this fails, the plugin starts as late as it would have.
"""

from typing import Any

import pulumi
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2


def start_plugin(opts: pulumi.ResourceOptions | None) -> object | None:
    """Have the plugin started for a resource of these options, unless they may name another provider.

    Return what the caller must hold until the run ends, since gRPC cancels a call that is garbage-collected;
    None where nothing was started. The default provider's inputs, which the state keeps, hold the stack's
    config: call it only when that is known to be usable.
    """
    if opts and (opts.provider or opts.providers or opts.parent):
        return None
    monitor: Any = settings.get_monitor()
    # Pulumi's mocks have nothing to ask.
    ask = getattr(monitor.Invoke, "future", None)
    question = resource_pb2.ResourceInvokeRequest(tok="pulumi-python:dynamic/rootfi:start")
    return ask(question) if ask else None
