"""What ends a demo: Ctrl-C, a closed terminal, a `kill`. Its folder is removed in each case."""

import signal
import sys
from collections.abc import Callable
from typing import NoReturn


def run(main: Callable[[], None]) -> None:
    """Run a command so that each of these signals leaves its `with` blocks."""
    # A shell starts a background job with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _stop)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def ignore_signals() -> None:
    """Ignore a second Ctrl-C, which would interrupt the removal of the folder."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)


def _stop(ending: int, _: object) -> NoReturn:
    sys.exit(128 + ending)
