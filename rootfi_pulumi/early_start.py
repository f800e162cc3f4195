"""Has the engine start the plugin while the program is still declaring.

The engine starts a plugin, a Python that loads the SDK anew, when it has to do with the first resource. From
a Python program that comes when the program has ended; until then a second processor has nothing to do.

Any question to the default provider makes the engine start it. The SDK's plugin answers none, and nobody
waits for the answer: where this fails, the plugin starts as late as it would have.
"""

from typing import Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2

from rootfi_pulumi.plain_key import refuse_plain_key

# Held, since a question that nobody holds is taken back.
_QUESTIONS: "WeakKeyDictionary[Any, object]" = WeakKeyDictionary()


def start_plugin(opts: pulumi.ResourceOptions | None) -> None:
    """Have the plugin started for a resource of these options, unless they may name another provider.

    The default provider's inputs, which the state keeps, hold the stack's config: not before that is known to
    be usable. Raises pulumi.RunError for a key in plain text.
    """
    monitor: Any = settings.get_monitor()
    if monitor in _QUESTIONS or (opts and (opts.provider or opts.providers or opts.parent)):
        return
    refuse_plain_key()
    # Pulumi's mocks have nothing to ask.
    ask = getattr(monitor.Invoke, "future", None)
    if ask:
        question = resource_pb2.ResourceInvokeRequest(tok="pulumi-python:dynamic/rootfi:start")
        _QUESTIONS[monitor] = ask(question)
