"""An interrupt while a command imports what it needs."""

import signal
import subprocess
import sys

from rootfi_pulumi.cli.interrupts import end_at_once
from tests.support.systems import POSIX

IMPORTS = """
import os, signal
from rootfi_pulumi.cli.interrupts import end_at_once
with end_at_once():
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        raise RuntimeError("as pydantic turns it into") from None
"""


@POSIX
def test_interrupt_of_an_import_ends_without_a_traceback() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_interrupts_are_handled_again_after_an_import() -> None:
    with end_at_once():
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ignored_interrupt_stays_ignored_during_an_import() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with end_at_once():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
