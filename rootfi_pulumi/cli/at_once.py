"""Calls a function for several stacks at once, behind a spinner that names those that are not done yet."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from typing import TypeVar

from rootfi_pulumi.cli.progress import show_open
from rootfi_pulumi.project.pulumi_cli import AT_ONCE

T = TypeVar("T")


def call_at_once(
    function: Callable[[str], T], names: Sequence[str], doing: str, *, is_shown: bool
) -> dict[str, T]:
    """Return the function's result for each name. `doing` says what it does with them, such as "reading"."""
    pool = ThreadPoolExecutor(AT_ONCE)
    results: dict[str, Future[T]] = {}

    def open_names() -> list[str]:
        return [name for name in names if name not in results or not results[name].done()]

    try:
        with show_open(open_names, doing) if is_shown and names else nullcontext():
            for name in names:
                results[name] = pool.submit(function, name)
            return {name: result.result() for name, result in results.items()}
    finally:
        # An interrupt does not wait for stacks that have not begun.
        pool.shutdown(cancel_futures=True)
