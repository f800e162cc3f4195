import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from glob import glob
from pathlib import Path

import pytest

from rootfi_pulumi.sdk_internals.thread_pool import SDK, widen
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
def test_a_pool_of_the_sdks_size_works_on_more_at_a_time_once_it_is_widened(version: str) -> None:
    command = [python(version), "-c", EIGHT_MEET_IN_A_POOL_OF_FOUR]
    subprocess.run(command, cwd=REPOSITORY, check=True, timeout=PATIENCE)


def test_what_waits_in_the_pool_already_is_begun_too() -> None:
    everybody_is_there, waiting = threading.Barrier(SDK + 2), threading.Event()

    def widen_when_others_wait() -> None:
        assert waiting.wait(PATIENCE)
        widen(SDK + 2)
        everybody_is_there.wait(PATIENCE)

    with ThreadPoolExecutor(SDK) as pool:
        first = pool.submit(widen_when_others_wait)
        meetings = [pool.submit(everybody_is_there.wait, PATIENCE) for _ in range(SDK + 1)]
        waiting.set()
        for meeting in (first, *meetings):
            meeting.result()


def test_a_system_without_more_threads_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with ThreadPoolExecutor(SDK) as pool:
        barrier = threading.Barrier(SDK)
        for started in [pool.submit(barrier.wait, PATIENCE) for _ in range(SDK)]:
            started.result()
        begin = threading.Event()
        busy = [pool.submit(begin.wait, PATIENCE) for _ in range(SDK - 1)]
        with monkeypatch.context() as system:
            system.setattr(threading.Thread, "start", refuse)
            pool.submit(widen, SDK + 4).result()
        begin.set()
        assert all(each.result() for each in busy)
        assert threads_of(pool) == SDK


def threads_of(pool: ThreadPoolExecutor) -> int:
    barrier = threading.Barrier(SDK + 1)
    meetings = [pool.submit(barrier.wait, 0.2) for _ in range(SDK + 1)]
    return SDK if any(meeting.exception() for meeting in meetings) else SDK + 1


@pytest.mark.parametrize("threads", [1, SDK])
def test_no_pool_is_made_narrower_or_changed_by_four(threads: int) -> None:
    with ThreadPoolExecutor(SDK) as pool:
        pool.submit(widen, threads).result()
        assert threads_of(pool) == SDK


def test_a_pool_that_is_not_the_sdks_is_left_alone() -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(widen, 8).result()
        assert pool.submit(threading.get_ident).result() == pool.submit(threading.get_ident).result()
        barrier = threading.Barrier(2)
        assert any(each.exception() for each in [pool.submit(barrier.wait, 0.1) for _ in range(2)])


def test_a_thread_without_a_pool_is_left_alone() -> None:
    thread = threading.Thread(target=widen, args=(8,))
    thread.start()
    thread.join()


def test_what_python_does_not_know_any_more_is_passed_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(threading.current_thread(), "_args", raising=False)
    widen(8)
