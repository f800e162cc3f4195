"""A progress bar on standard error, where that is a terminal."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def track(sequence: Sequence[T], description: str) -> Iterable[T]:
    """Iterate over a sequence behind a progress bar, which disappears at the end."""
    # Imported here so that a command without a bar starts sooner.
    from rich import progress  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True)
    hidden = not console.is_terminal
    return progress.track(sequence, description, console=console, transient=True, disable=hidden)
