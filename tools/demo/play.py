"""`make play`: leaves an emulated RootFi, its page and a stack open, until Ctrl-C.

The stack is ready for `pulumi up` in another terminal. Ctrl-C ends the emulator and removes the folder.
"""

import argparse
import os
import shlex
import shutil
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rootfi_pulumi.emulator import Emulator
from tools.demo import signals
from tools.demo.project import copy_project, inherited, own_variables
from tools.demo.stack import Stack

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
        _remove(folder)


def _remove(folder: Path) -> None:
    # A `pulumi` in the other terminal may still write: then a folder is not empty when it is removed.
    for _ in range(10):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
    print(f"{folder} could not be removed: another process still writes to it.\n  rm -r {folder}", flush=True)


if __name__ == "__main__":
    signals.run(main)
