"""A progress bar or a spinner on standard error, where that is a terminal. Both disappear at the end."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

T = TypeVar("T")


def track(sequence: Sequence[T], description: str) -> Iterable[T]:
    """Iterate over a sequence behind a progress bar, which disappears at the end."""
    # Imported here so that a command without a bar starts sooner.
    from rich import progress  # noqa: PLC0415

    console = _console()
    hidden = not console.is_terminal
    return progress.track(sequence, description, console=console, transient=True, disable=hidden)


@contextmanager
def show_open(names: Callable[[], Sequence[str]], doing: str) -> Iterator[None]:
    """Show a spinner with the names that are open at that moment and the elapsed seconds, on one line."""
    from rich.live import Live  # noqa: PLC0415 (as above)
    from rich.spinner import Spinner  # noqa: PLC0415 (as above)

    console = _console()
    if not console.is_terminal:
        yield
        return
    start = monotonic()
    spinner = Spinner("dots")

    def render() -> Spinner:
        # The spinner and the space after it take two cells. A line that is full would break.
        spinner.update(text=fit_names(doing, names(), int(monotonic() - start), console.width - 3))
        return spinner

    try:
        with Live(get_renderable=render, console=console, transient=True, refresh_per_second=10):
            yield
    except BaseException:
        # A signal may come after Live hid the cursor and before it is a context that shows it again.
        console.show_cursor()
        raise


def _console() -> "Console":
    from rich.console import Console  # noqa: PLC0415 (as above)

    # FORCE_COLOR makes Rich take a pipe for a terminal.
    return Console(stderr=True, force_terminal=None if sys.stderr.isatty() else False)


def fit_names(doing: str, names: Sequence[str], seconds: int, width: int) -> "Text":
    """Return as many of the names, in their order, as fit the width, and the number of the others."""
    from rich.text import Text  # noqa: PLC0415 (as above)

    if not names:
        return Text()
    for shown in range(len(names), 0, -1):
        rest = len(names) - shown
        listed = ", ".join(names[:shown]) + (f" and {rest} more" if rest else "")
        line = Text(f"{doing} {listed} · {seconds} s", no_wrap=True, overflow="ellipsis")
        if line.cell_len <= width:
            return line
    line = Text(f"{doing} {len(names)} · {seconds} s" if len(names) > 1 else f"{doing} {', '.join(names)}")
    line.truncate(width, overflow="ellipsis")
    return line
