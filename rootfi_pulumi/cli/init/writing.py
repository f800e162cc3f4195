"""Writes files into a folder: all of them, or none."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path


class InTheWayError(Exception):
    """Files are in the way. `paths` are all of them, relative to the folder."""

    def __init__(self, paths: Iterable[str]) -> None:
        super().__init__("files are in the way")
        self.paths = sorted(set(paths))


def write_all(folder: Path, files: Mapping[str, str], also_in_the_way: Iterable[str] = ()) -> None:
    """Write the files, each by its path in the folder, and create the folder if it is missing.

    Raises InTheWayError if one of them, or one of `also_in_the_way`, exists. Raises OSError. After an error
    or an interrupt nothing is left of what this wrote.
    """
    check_free(folder, (*files, *also_in_the_way))
    done: list[Path] = []
    try:
        for path, text in files.items():
            _make_folders((folder / path).parent, done)
            _write(folder / path, text, done)
    except BaseException:
        _take_back(done)
        raise


def check_free(folder: Path, paths: Iterable[str]) -> None:
    """Raise InTheWayError if one of the paths in the folder exists or cannot be a file there."""
    found = [name for path in paths if (name := _obstacle(folder, path))]
    if found:
        raise InTheWayError(found)


def _obstacle(folder: Path, path: str) -> str | None:
    """Return what is where the file would be written: the file, or a parent that is not a folder."""
    if os.path.lexists(folder / path):
        return path
    parents = [parent.as_posix() for parent in Path(path).parents]
    return next(
        (name for name in parents if os.path.lexists(folder / name) and not (folder / name).is_dir()), None
    )


def _make_folders(folder: Path, done: list[Path]) -> None:
    for parent in reversed((folder, *folder.parents)):
        if not parent.is_dir():
            parent.mkdir()
            done.append(parent)


def _write(path: Path, text: str, done: list[Path]) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            done.append(path)
            file.write(text)
    except OSError as error:
        # Only an error of opening has the file's name; that of a full disk comes with the writing.
        error.filename = error.filename or str(path)
        raise


def _take_back(done: list[Path]) -> None:
    for path in reversed(done):
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
