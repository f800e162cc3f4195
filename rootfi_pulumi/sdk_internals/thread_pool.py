"""Lets the plugin work on as many resources at a time as Pulumi's engine asks of it.

The engine sends up to `--parallel` operations at once, by default four for each processor. The SDK's plugin
answers them on a pool of four threads, whatever the engine asks; most of a large `up` would be spent waiting.

Here the running pool is allowed more threads. The way to it is not public: a thread of a pool knows, until it
ends, the pool that it works for. Where that is not as expected, nothing happens, and four it stays.
"""

import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

SDK = 4
"""As many as the SDK has by itself."""


def widen(threads: int) -> None:
    """Let the pool that runs the calling thread have so many threads; it makes them when it needs them."""
    pool = _pool_of(threading.current_thread())
    if pool is None or not SDK <= getattr(pool, "_max_workers", threads) < threads:
        return
    pool._max_workers = threads  # noqa: SLF001 (there is no other way)
    try:
        # A pool makes a thread when it is given something, and what waits in it was given before.
        for _ in range(threads - SDK):
            pool.submit(int)
    except RuntimeError:
        # It is shut down, or the system has no more threads: the caller's answer must not be lost for that.
        pool._max_workers = SDK  # noqa: SLF001


def _pool_of(thread: threading.Thread) -> ThreadPoolExecutor | None:
    for argument in getattr(thread, "_args", ()):
        pool = argument() if isinstance(argument, weakref.ref) else None
        if isinstance(pool, ThreadPoolExecutor):
            return pool
    return None
