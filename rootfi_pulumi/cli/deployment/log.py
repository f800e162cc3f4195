"""Prints a command's output, and survives the reader of it."""

import os
from typing import TextIO


class Log:
    """Standard output or standard error, where each line appears at once.

    If its reader closes it (`| head`, a terminal that is gone), what follows is dropped: without it, `pulumi`
    would get a broken pipe in the middle of a create.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def print(self, text: str, *, end: str = "\n") -> None:
        """Print a text."""
        try:
            self._file.write(text + end)
            self._file.flush()
        except OSError:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._file.fileno())
            os.close(null)
