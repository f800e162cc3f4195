"""Lets a write fail as on a full disk, without one. Not for Windows."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def limit_files(size: int) -> Iterator[None]:
    """Let no file of this process grow above a size in bytes: a write that would raises OSError."""
    import resource  # noqa: PLC0415 (Windows has none)

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
