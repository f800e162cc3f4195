"""Makes the engine start the plugin while the program is still declaring.

The engine starts a plugin, a Python that loads the SDK again, for the first resource that needs it. It hears
of a Python program's resources when the program has ended; until then a second processor has nothing to do.

Any question to the default provider makes the engine start it. The SDK's plugin answers none, and no code
waits for the answer. If this fails, the plugin starts as late as it would have.
"""

from contextlib import suppress

import pulumi
from pulumi.runtime.proto import resource_pb2

from rootfi_pulumi.sdk_internals.monitor import running_monitor


def start_plugin(opts: pulumi.ResourceOptions | None) -> object | None:
    """Start the plugin for a resource of these options, unless they may name another provider.

    Return what the caller must keep until the run ends, since gRPC cancels a call that is garbage-collected;
    None if nothing was started. The state keeps the default provider's inputs, which hold the stack's config,
    so call this only when the config is known to be usable.
    """
    if opts and (opts.provider or opts.providers or opts.parent):
        return None
    # Pulumi's mocks have no `future`.
    with suppress(AttributeError, TypeError, ValueError):
        question = resource_pb2.ResourceInvokeRequest(tok="pulumi-python:dynamic/rootfi:start")
        started: object = running_monitor().Invoke.future(question)
        return started
    return None
