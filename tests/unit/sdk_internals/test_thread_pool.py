import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from glob import glob
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.sdk_internals.thread_pool import SDK_THREADS, widen
from tests.support.patience import PATIENCE

REPOSITORY = Path(__file__).parents[3]
EIGHT_MEET_IN_A_POOL_OF_FOUR = f"""
from concurrent.futures import ThreadPoolExecutor
from glob import glob
from threading import Barrier
from rootfi_pulumi.sdk_internals.thread_pool import widen

pool = ThreadPoolExecutor(max_workers=4)
pool.submit(widen, 8).result()
barrier = Barrier(8)
for meeting in [pool.submit(barrier.wait, {PATIENCE}) for _ in range(8)]:
    meeting.result()
"""


def python(version: str) -> str:
    find = [sys.executable, "-m", "uv", "python", "find", "--no-python-downloads", "--no-project", version]
    # pyenv's shims are no Pythons of their own, and uv stumbles over them; what is behind them it finds.
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders = [each for each in os.environ["PATH"].split(os.pathsep) if not each.endswith("shims")]
    path = os.pathsep.join([*folders, *glob(str(pyenv / "versions/*/bin"))])  # noqa: PTH207 (as in tools/bounds.py)
    found = subprocess.run(
        find,
        cwd="/",
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return found.stdout.strip() or pytest.skip(f"there is no Python {version} here")


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_widened_pool_works_on_more_at_a_time(version: str) -> None:
    command = [python(version), "-c", EIGHT_MEET_IN_A_POOL_OF_FOUR]
    subprocess.run(command, cwd=REPOSITORY, check=True, timeout=PATIENCE)


def test_widened_pool_starts_what_waits_already() -> None:
    all_are_there, waiting = threading.Barrier(SDK_THREADS + 2), threading.Event()

    def widen_when_others_wait() -> None:
        assert waiting.wait(PATIENCE)
        widen(SDK_THREADS + 2)
        all_are_there.wait(PATIENCE)

    with ThreadPoolExecutor(SDK_THREADS) as pool:
        first = pool.submit(widen_when_others_wait)
        meetings = [pool.submit(all_are_there.wait, PATIENCE) for _ in range(SDK_THREADS + 1)]
        waiting.set()
        first.result()
        for meeting in meetings:
            meeting.result()


def test_pool_survives_a_system_without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with ThreadPoolExecutor(SDK_THREADS) as pool:
        barrier = threading.Barrier(SDK_THREADS)
        for started in [pool.submit(barrier.wait, PATIENCE) for _ in range(SDK_THREADS)]:
            started.result()
        begin = threading.Event()
        busy = [pool.submit(begin.wait, PATIENCE) for _ in range(SDK_THREADS - 1)]
        with monkeypatch.context() as system:
            system.setattr(threading.Thread, "start", refuse)
            pool.submit(widen, SDK_THREADS + 4).result()
        begin.set()
        assert all(each.result() for each in busy)
        assert threads_of(pool) == SDK_THREADS


def threads_of(pool: ThreadPoolExecutor) -> int:
    barrier = threading.Barrier(SDK_THREADS + 1)
    meetings = [pool.submit(barrier.wait, 0.2) for _ in range(SDK_THREADS + 1)]
    return SDK_THREADS if any(meeting.exception() for meeting in meetings) else SDK_THREADS + 1


@pytest.mark.parametrize("threads", [1, SDK_THREADS])
def test_pool_is_not_made_narrower(threads: int) -> None:
    with ThreadPoolExecutor(SDK_THREADS) as pool:
        pool.submit(widen, threads).result()
        assert threads_of(pool) == SDK_THREADS


def test_pool_of_another_size_is_left_alone() -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(widen, 8).result()
        assert pool.submit(threading.get_ident).result() == pool.submit(threading.get_ident).result()
        barrier = threading.Barrier(2)
        assert any(each.exception() for each in [pool.submit(barrier.wait, 0.1) for _ in range(2)])


def test_thread_without_a_pool_is_left_alone() -> None:
    thread = threading.Thread(target=widen, args=(8,))
    thread.start()
    thread.join()


@pytest.mark.parametrize("arguments", [None, 3, (), (object(),), [object()]])
def test_thread_that_keeps_other_arguments_is_left_alone(
    arguments: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading.current_thread(), "_args", arguments, raising=False)
    widen(8)


class Fixed(ThreadPoolExecutor):
    """A pool whose size can be set once."""

    def __setattr__(self, name: str, value: object) -> None:
        if name == "_max_workers" and hasattr(self, name):
            raise AttributeError(name)
        super().__setattr__(name, value)


def test_pool_of_a_fixed_size_works_on() -> None:
    with Fixed(SDK_THREADS) as pool:
        pool.submit(widen, 8).result()
        assert threads_of(pool) == SDK_THREADS


def test_pool_whose_size_is_no_number_works_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(SDK_THREADS) as pool:
        started = pool.submit(threading.get_ident)
        assert started.result()
        monkeypatch.setattr(pool, "_max_workers", "4")
        thread = next(iter(pool._threads))  # noqa: SLF001 (a size of text would fail the submission itself)
        with monkeypatch.context() as context:
            context.setattr(threading, "current_thread", lambda: thread)
            widen(8)
        size: Any = pool._max_workers  # noqa: SLF001
        assert size == "4"
        monkeypatch.undo()
