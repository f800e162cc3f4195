"""Settles the process that the engine starts for the program's dynamic providers, ours and any other."""

import gc
import sys

# Objects of the kind that can hold others, by which there must be more than at the last look for garbage.
_GARBAGE = 100_000


def is_plugin() -> bool:
    """Tell whether this process is an engine's plugin: anybody may configure a provider, as the tests do."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return spec is not None and spec.name == "pulumi.dynamic.__main__"


def settle() -> None:
    """Set what holds until the process ends, with the command that it serves."""
    # What is raised reaches the user through the SDK: without the way through the code.
    sys.tracebacklimit = 0
    # The SDK and HTTP stay to the end, and Python looks through them for garbage while they load: of an `up`
    # with 17 creates, a twenty-fifth. Garbage that refers to itself waits for longer, some MiB of it.
    gc.freeze()
    gc.set_threshold(_GARBAGE)
