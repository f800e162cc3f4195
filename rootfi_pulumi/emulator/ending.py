"""Waits for the signal that ends the emulator's command."""

import signal
import threading

_SIGNALS = {signal.SIGINT, signal.SIGTERM}
# Seconds. Python on Windows sees Ctrl-C only between two waits.
_PAUSE = 0.2


class Ending:
    """Takes SIGINT and SIGTERM. Create it on the main thread, before any other thread starts."""

    def __init__(self) -> None:
        self._came = threading.Event()
        if hasattr(signal, "pthread_sigmask"):
            # Block the signals before the server's thread starts and inherits the mask: then only sigwait
            # gets them.
            signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        else:
            for number in _SIGNALS:
                signal.signal(number, lambda *_: self._came.set())

    def wait(self) -> None:
        """Return after one of the signals."""
        if hasattr(signal, "sigwait"):
            signal.sigwait(_SIGNALS)
            return
        while not self._came.wait(_PAUSE):
            pass
