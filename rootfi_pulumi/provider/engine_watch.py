"""Ends the plugin once its engine is gone.

The engine stops its plugins when it ends, but not when it is killed: a plugin and the shell that started it
would then run for ever. Operations under way finish first, so no request is cut off.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rootfi_pulumi.sdk_internals.engine_pipe import PIPE, wait_for_end_of_engine


class InFlight:
    """Counts the operations under way."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    @contextmanager
    def operation(self) -> Iterator[None]:
        """Count one operation for as long as the block runs."""
        with self._changed:
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def wait(self) -> None:
        """Wait until no operation is under way."""
        with self._changed:
            self._changed.wait_for(lambda: self._count == 0)


def end_with_engine(in_flight: InFlight, stop: Callable[[], None], fd: int = PIPE) -> threading.Thread:
    """Start a thread that waits until the engine closes the pipe of this process's standard output.

    It then calls `stop`, which lets nothing new begin, waits for the operations under way, and exits.
    """
    args = (in_flight, stop, fd)
    thread = threading.Thread(target=_end_when_closed, args=args, name="engine-watch", daemon=True)
    thread.start()
    return thread


def _end_when_closed(in_flight: InFlight, stop: Callable[[], None], fd: int) -> None:
    wait_for_end_of_engine(fd)
    stop()
    in_flight.wait()
    os._exit(0)
