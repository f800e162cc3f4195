"""Calls a function for several stacks at once, behind a spinner that names those that are not done yet."""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from time import monotonic, sleep
from types import FrameType
from typing import TypeVar

from rootfi_pulumi.cli.progress import show_open
from rootfi_pulumi.project.pulumi_cli import AT_ONCE, list_started

T = TypeVar("T")
# Seconds.
_BETWEEN_LOOKS = 0.1
_GRACE = 2


class _Terminated(SystemExit):
    """SIGTERM came."""


def call_at_once(
    function: Callable[[str], T], names: Sequence[str], doing: str, *, is_shown: bool
) -> dict[str, T]:
    """Return the function's result for each name. `doing` says what it does with them, such as "reading".

    SIGTERM ends the processes that the function waits for, and exits with 143.
    """
    pool = ThreadPoolExecutor(AT_ONCE)
    results: dict[str, Future[T]] = {}

    def open_names() -> list[str]:
        return [name for name in names if name not in results or not results[name].done()]

    try:
        with _terminable(), show_open(open_names, doing) if is_shown and names else nullcontext():
            for name in names:
                results[name] = pool.submit(function, name)
            return {name: result.result() for name, result in results.items()}
    except _Terminated:
        pool.shutdown(wait=False, cancel_futures=True)
        _end_processes([*results.values()])
        raise
    finally:
        # An interrupt does not wait for stacks that have not begun.
        pool.shutdown(cancel_futures=True)


@contextmanager
def _terminable() -> Iterator[None]:
    """Raise _Terminated on SIGTERM, unless it is ignored or this is not the main thread."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _terminate(number: int, _frame: FrameType | None) -> None:
    # A second one ends this process at once.
    signal.signal(number, signal.SIG_DFL)
    raise _Terminated(128 + number)


def _end_processes(results: Sequence[Future[T]]) -> None:
    """Pass SIGTERM on to the processes that the calls wait for, and kill those that do not end.

    Pulumi waits for its requests, however often it gets the signal. A report only reads: nothing is lost.
    """
    asked: dict[int, float] = {}
    while not all(result.done() for result in results):
        # Again and again: a call may start a process after the signal.
        for process in list_started():
            if process.pid not in asked:
                asked[process.pid] = monotonic()
                process.terminate()
            elif monotonic() - asked[process.pid] > _GRACE:
                process.kill()
        sleep(_BETWEEN_LOOKS)
