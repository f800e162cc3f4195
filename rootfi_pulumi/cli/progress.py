"""A progress bar on standard error, where that is a terminal."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def progress(sequence: Sequence[T], description: str) -> Iterable[T]:
    """Iterate a sequence; a bar shows how far, and goes away at the end."""
    # Only here: a command that shows none starts sooner.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    console = Console(stderr=True)
    hidden = not console.is_terminal
    return track(sequence, description, console=console, transient=True, disable=hidden)
