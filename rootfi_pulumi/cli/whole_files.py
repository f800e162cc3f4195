"""Replaces a file of the user so that it is always whole, whatever fails."""

import os
import shutil
from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Write a text into a file, which is created with its folder, or keeps its mode and its link.

    If that fails, for example on a full disk, the file is what it was. Raises OSError.
    """
    path = path.resolve()
    new = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with new.open("xb") as file:
            file.write(text.encode())
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
