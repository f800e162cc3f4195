"""Recognises and configures the process that the engine starts for dynamic providers, ours and all others."""

import sys


def is_plugin() -> bool:
    """Return whether this process is an engine's plugin, and not another one that configures a provider."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return getattr(spec, "name", None) == "pulumi.dynamic.__main__"


def hide_tracebacks() -> None:
    """Make the SDK show the user an error without its traceback, which it formats for whatever is raised."""
    sys.tracebacklimit = 0
