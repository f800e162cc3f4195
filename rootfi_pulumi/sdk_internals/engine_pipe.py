"""Sees that the engine has gone by the pipe from which it reads the plugin's standard output.

The engine reads it until it ends, in whatever way; no documentation says so.
"""

import select

PIPE = 1
"""The file descriptor of the plugin's standard output."""


def wait_until_closed(fd: int = PIPE) -> None:
    """Return when no process can read this pipe any more."""
    pipe = select.poll()
    # The error of a closed pipe is reported without being asked for; nothing else ends the wait.
    pipe.register(fd, 0)
    pipe.poll()
