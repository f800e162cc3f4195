"""The terminals that pictures show: what a command wrote to each, with its colours."""

import io
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from rootfi_pulumi.cli.report.table import print_table
from rootfi_pulumi.emulator import Emulator, Fault
from tools.demo.project import copy_project, inherited, own_variables
from tools.demo.stack import Stack
from tools.pictures.matrix import THREE_STACKS
from tools.pictures.screen import read_screen
from tools.pictures.sources import replace_volatile
from tools.pictures.terminal import COLUMNS, Terminal, prompt

_PATIENCE = 60  # seconds
_UP = ("pulumi", "up", "--yes", "--skip-preview")
_NO_TREE = str.maketrans("", "", "├└│─")
_SECOND = Fault(operation="create", integration_type="ROOTFI_SANDBOX", hold=True)
_LOST = Fault(operation="create", integration_type="QUICKBOOKS_SANDBOX", hang_up="after")


def report() -> str:
    """Return what `rootfi-pulumi report` prints on a terminal, for fixed stacks."""
    written = io.StringIO()
    environ = {"TERM": "xterm-256color"}
    console = Console(file=written, width=COLUMNS, force_terminal=True, color_system="256", _environ=environ)
    print_table(console, THREE_STACKS)
    return prompt("rootfi-pulumi", "report", "--refresh") + written.getvalue()


def up() -> str:
    """Run the demo's `pulumi up`, with the real engine and an emulated RootFi."""
    with _prepared() as (terminal, _):
        terminal.run(*_UP)
        return terminal.output


def unfinished() -> str:
    """Run an `up` whose answer is lost, and `doctor` after it."""
    with _prepared() as (terminal, emulator):
        emulator.inject(_LOST)
        terminal.run(*_UP, "--suppress-outputs", code=1)
        terminal.run("rootfi-pulumi", "doctor", code=1)
        return terminal.output


def _release_second(emulator: Emulator, api_key: str) -> None:
    """Let one create be the first, for otherwise the ids would depend on which request arrives first."""
    with suppress(TimeoutError):  # the command has failed, and says so
        emulator.wait_until_held(timeout=_PATIENCE)
        while not emulator.integrations(api_key):
            time.sleep(0.05)
        emulator.release()


@dataclass(frozen=True)
class TerminalPicture:
    """A picture of a terminal. The engine draws its rows as they come, so they are in no order."""

    run: Callable[[], str]
    is_in_order: bool = True

    def source(self, output: str) -> str:
        """Return what the picture is made from: the words on the screen, however they are wrapped."""
        lines = read_screen(replace_volatile(output), len(output))
        words = " ".join(line.markup for line in lines).translate(_NO_TREE).split()
        return " ".join(words if self.is_in_order else sorted(words))


TERMINALS = {
    "report-terminal": TerminalPicture(report),
    "pulumi-up": TerminalPicture(up, is_in_order=False),
    "unfinished": TerminalPicture(unfinished, is_in_order=False),
}


@contextmanager
def _prepared() -> Iterator[tuple[Terminal, Emulator]]:
    """Prepare the stack dev, with nothing deployed, as `make play` does."""
    with tempfile.TemporaryDirectory(prefix="rootfi-pictures-") as temporary, Emulator() as emulator:
        folder = Path(temporary)
        project = folder / "rootfi"
        project.mkdir()
        copy_project(project)
        own = own_variables(folder)
        own["PATH"] = f"{project / '.venv' / 'bin'}{os.pathsep}{own['PATH']}"
        environ = inherited() | own
        stack = Stack(project, environ, is_quiet=True)
        stack.create()
        api_key = emulator.add_organisation()
        stack.configure(emulator.url, api_key)
        emulator.inject(_SECOND)
        threading.Thread(target=_release_second, args=(emulator, api_key), daemon=True).start()
        yield Terminal(folder, project, environ), emulator
