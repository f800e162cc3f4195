"""With real pipes and processes: the engine's end of the pipe is the test's."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rootfi_pulumi.provider.engine_watch import InFlight
from tests.support.patience import PATIENCE
from tests.support.processes import started
from tests.support.systems import LINUX

# Prints when an operation is under way and, after the signal to end it, that it is done; then it would run on.
PLUGIN = """
import sys, threading
from rootfi_pulumi.provider.engine_watch import InFlight, end_with_engine
in_flight = InFlight()
end_with_engine(in_flight, lambda: print("stopped", file=sys.stderr, flush=True))
with in_flight.operation():
    print("under way", file=sys.stderr, flush=True)
    sys.stdin.readline()
    print("finished", file=sys.stderr, flush=True)
threading.Event().wait()
"""


@contextmanager
def working() -> Iterator[subprocess.Popen[str]]:
    with started([sys.executable, "-c", PLUGIN], stdin=subprocess.PIPE) as plugin:
        assert plugin.stderr
        assert plugin.stderr.readline() == "under way\n"
        yield plugin


@LINUX
def test_plugin_finishes_operations_and_ends_when_the_engine_is_gone() -> None:
    with working() as plugin:
        assert plugin.stdin
        assert plugin.stdout
        assert plugin.stderr
        plugin.stdout.close()
        assert plugin.stderr.readline() == "stopped\n"
        plugin.stdin.write("\n")
        plugin.stdin.flush()
        assert plugin.stderr.readline() == "finished\n"
        assert plugin.wait(timeout=PATIENCE) == 0


def test_the_plugin_lives_while_its_engine_does() -> None:
    with working() as plugin:
        assert plugin.stdin
        assert plugin.stderr
        plugin.stdin.write("\n")
        plugin.stdin.flush()
        assert plugin.stderr.readline() == "finished\n"
        assert plugin.poll() is None
        plugin.kill()


def test_waiting_ends_with_the_last_of_several_operations() -> None:
    in_flight = InFlight()
    done = threading.Event()

    def wait() -> None:
        in_flight.wait()
        done.set()

    with in_flight.operation():
        with in_flight.operation():
            waiter = threading.Thread(target=wait, daemon=True)
            waiter.start()
        assert not done.is_set()
    waiter.join(timeout=PATIENCE)
    assert done.is_set()
