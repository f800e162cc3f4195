"""Lets a write fail as on a full disk, without one. Not for Windows."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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


def run_limited(blocks: int, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a shell's command in a folder, whose files may have this number of blocks.

    Nothing measures its coverage, since that could not be written either.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    line = ["sh", "-c", f"ulimit -f {blocks}; {command}"]
    return subprocess.run(line, cwd=folder, env=environ, capture_output=True, text=True, check=False)
