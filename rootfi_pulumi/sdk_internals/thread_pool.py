"""Lets the plugin work on as many resources at a time as Pulumi's engine asks for.

The engine sends up to `--parallel` operations at once, by default four for each processor. The SDK's plugin
answers them on a pool of four threads, so most of a large `up` would be spent waiting.

Here the running pool is allowed more threads. A thread of a pool refers to its pool until it ends, in a
private attribute. If that is not as expected, the pool keeps its four threads.
"""

import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

SDK_THREADS = 4
"""The size of the SDK's pool."""


def widen(threads: int) -> None:
    """Allow the calling thread's pool this many threads, which it starts when it needs them.

    A pool that is smaller than the SDK's, or has this many already, is left alone.
    """
    pool = _pool_of(threading.current_thread())
    size = getattr(pool, "_max_workers", None)
    if pool is not None and isinstance(size, int) and SDK_THREADS <= size < threads:
        with suppress(AttributeError):
            _widen(pool, size, threads)


def _widen(pool: ThreadPoolExecutor, size: int, threads: int) -> None:
    pool._max_workers = threads  # noqa: SLF001 (there is no other way)
    try:
        # A pool starts a thread when it is given a task; tasks that wait already were given before.
        for _ in range(threads - size):
            pool.submit(int)
    except RuntimeError:
        # It is shut down, or the system has no more threads. The caller's answer must not be lost for that.
        pool._max_workers = size  # noqa: SLF001


def _pool_of(thread: threading.Thread) -> ThreadPoolExecutor | None:
    arguments = getattr(thread, "_args", None)
    for argument in arguments if isinstance(arguments, tuple) else ():
        pool = argument() if isinstance(argument, weakref.ref) else None
        if isinstance(pool, ThreadPoolExecutor):
            return pool
    return None
