"""Prints a command's output, and survives the reader of it."""

import errno
import os
from typing import TextIO

# A closed pipe, on Windows too, and a terminal that is gone.
_HAS_NO_READER = {errno.EPIPE, errno.EINVAL, errno.EIO}


class Log:
    """Standard output or standard error, where each line appears at once.

    If it cannot be written, what follows is dropped: without it, `pulumi` would get a broken pipe in the
    middle of a create. `error` is why, such as a full disk; None if it was written, or if its reader closed
    it (`| head`, a terminal that is gone).
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def print(self, text: str, *, end: str = "\n") -> None:
        """Print a text."""
        try:
            self._file.write(text + end)
            self._file.flush()
        except OSError as error:
            if error.errno not in _HAS_NO_READER:
                self.error = error
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._file.fileno())
            os.close(null)
