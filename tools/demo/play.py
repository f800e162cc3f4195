"""`make play`: leaves an emulated RootFi, its page and a stack open, until Ctrl-C.

The stack is ready for `pulumi up` in another terminal. Ctrl-C ends the emulator and removes the folder.
"""

import argparse
import os
import shlex
import shutil
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rootfi_pulumi.emulator import Emulator
from tools.demo import signals
from tools.demo.project import copy_project, inherited, own_variables
from tools.demo.stack import Stack

# The removed folder is looked for this often, and is gone once this many looks in a row miss it.
_INTERVAL, _CHECKS, _ENOUGH = 0.1, 60, 10
# In the other terminal, variables of another project would send `pulumi` to its backend or stack.
_UNSET = """\
for name in $(env | sed -n -E 's/^((PULUMI|ROOTFI)_[A-Za-z0-9_]*)=.*/\\1/p'); do unset "$name"; done
"""
_READY = """
The emulator and its page are open:  {url}/

In another terminal:
  . {variables}
  pulumi up

Then, for example:
  rootfi-pulumi report --refresh   # what the stack has, compared with RootFi
  rootfi-pulumi doctor             # what to do after an interrupted `pulumi up`
On the page you can inject a fault, such as a lost answer, before the next `pulumi up`.

Press Ctrl-C here to stop the emulator and remove {folder}.
"""


def main() -> None:
    """Open everything and wait for Ctrl-C."""
    parser = argparse.ArgumentParser(prog="make play", description=__doc__)
    parser.add_argument("--open", action="store_true", help="open the page in your browser")
    options = parser.parse_args()
    with _temporary_folder() as folder, Emulator() as emulator:
        print("preparing a stack (a few seconds)", flush=True)
        variables = _prepare(folder, emulator)
        print(
            _READY.format(url=emulator.url, variables=shlex.quote(str(variables)), folder=folder), flush=True
        )
        if options.open:
            webbrowser.open(f"{emulator.url}/")
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
        print("\nstopping", flush=True)


def _prepare(folder: Path, emulator: Emulator) -> Path:
    """Create the stack, and return the file that another terminal reads its environment from."""
    project = folder / "rootfi"
    project.mkdir()
    copy_project(project)
    own = own_variables(folder)
    own["PATH"] = f"{project / '.venv' / 'bin'}{os.pathsep}{own['PATH']}"
    stack = Stack(project, inherited() | own, is_quiet=True)
    stack.create()
    stack.configure(emulator.url, emulator.add_organisation())
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in own.items())
    variables = folder / "environment"
    variables.write_text(f"{_UNSET}{exports}cd {shlex.quote(str(project))}\n")
    return variables


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="rootfi-play-"))
    try:
        yield folder
    finally:
        signals.ignore_signals()
        if not remove(folder):
            print(
                f"{folder} could not be removed: another process, such as `pulumi up`, still writes to it. "
                f"When it has ended:\n  rm -r {shlex.quote(str(folder))}",
                flush=True,
            )
            sys.exit(1)


def remove(folder: Path, pause: Callable[[float], None] = time.sleep) -> bool:
    """Remove a folder until it stays away for a second. Return whether it did, within a few seconds.

    A `pulumi` in the other terminal may still write, and recreates it.
    """
    absent = 0
    for _ in range(_CHECKS):
        absent = 0 if folder.exists() else absent + 1
        if absent == _ENOUGH:
            return True
        shutil.rmtree(folder, ignore_errors=True)
        pause(_INTERVAL)
    return False


if __name__ == "__main__":
    signals.run(main)
