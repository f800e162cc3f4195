"""What a stream can show: its width and whether it shows styles."""

import os
import shutil
from typing import TextIO


def has_styles(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that shows styles and NO_COLOR is not set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return the columns of COLUMNS or of the terminal; 80 without either."""
    return shutil.get_terminal_size((80, 24)).columns
