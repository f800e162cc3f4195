"""Commands that a test starts and ends."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.patience import PATIENCE


@contextmanager
def started(command: Sequence[str | Path], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a command while the block runs, its output in pipes; the block is to end it, or to see its end.

    A block that fails kills it: it would be waited for without end.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, **options) as process:
        try:
            yield process
            process.wait(timeout=PATIENCE)
        finally:
            process.kill()


def read_line(process: subprocess.Popen[str], *, errors: bool = False) -> str:
    """Wait for the next line of a command's output, or of its errors, and return it."""
    stream = process.stderr if errors else process.stdout
    assert stream
    return stream.readline()
