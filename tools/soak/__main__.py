"""`python -m tools.soak`: runs the soak test and prints its progress and results."""

import argparse
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console

from rootfi_pulumi.emulator import Emulator
from tools.soak import REPOSITORY, leftovers
from tools.soak.drive import drive
from tools.soak.figures import FULL_LENGTH, Figures, machine, table, write
from tools.soak.invariants import BrokenError
from tools.soak.memory import PluginWatch
from tools.soak.stack import Stack, guarded
from tools.soak.turns import Turns

if TYPE_CHECKING:
    from tools.soak.long_lived import Sample

DOCUMENT = REPOSITORY / "docs" / "reliability.md"
_BETWEEN_LINES = 60.0
_MOST_STACKS = 26


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if every invariant held, else 1."""
    options = parse(arguments)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"soak: {options.minutes:g} minutes, {options.stacks} stacks, seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="rootfi-soak-") as folder:
        soak = Soak(options, Path(folder))
        try:
            soak.run(console)
        except BrokenError as error:
            console.print(f"soak: {error}", markup=False)
            again = f'make soak SOAK_OPTIONS="--seed {options.seed} --stacks {options.stacks}"'
            console.print(f"soak: to reproduce it:\n{again}", markup=False)
            return 1
        return report(soak, console, write_down=options.write)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Return `minutes`, `stacks`, `seed` and `write`; exits on a usage error."""
    parser = argparse.ArgumentParser(prog="python -m tools.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=FULL_LENGTH, help="how long (default: %(default)s)")
    parser.add_argument("--stacks", type=int, default=4, help="how many at once (default: %(default)s)")
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(10**6), help="seed of the run to reproduce"
    )
    parser.add_argument("--write", action="store_true", help=f"write the figures into {DOCUMENT.name}")
    options = parser.parse_args(arguments)
    if not 1 <= options.stacks <= _MOST_STACKS:
        parser.error(f"--stacks: 1 to {_MOST_STACKS}")
    if options.write and options.minutes < FULL_LENGTH:
        parser.error(f"--write: requires --minutes {FULL_LENGTH} or more")
    return options


class Soak:
    """Runs all stacks, the long-lived provider and the watch over plugins in threads."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        """Prepare a run in `folder`."""
        self.options = options
        self.folder = folder
        self.stacks: list[Stack] = []
        self.samples: list[Sample] = []
        self.watch = PluginWatch(folder)
        self._stop = threading.Event()

    def run(self, console: Console) -> None:
        """Run for the given time and print the progress. Raises BrokenError for a broken invariant."""
        began = time.monotonic()
        with ExitStack() as ending:
            ending.enter_context(self.watch)
            for name in (chr(ord("a") + number) for number in range(self.options.stacks)):
                (self.folder / name).mkdir()
                emulator = ending.enter_context(Emulator())
                self.stacks.append(Stack(name, self.folder / name, self.options.seed, emulator))
            pool = ending.enter_context(ThreadPoolExecutor(self.options.stacks + 1))
            # Stops the threads before the pool waits for them, also after an exception.
            ending.callback(self._stop.set)
            until = began + 60 * self.options.minutes
            stacks = [pool.submit(self._soak, stack, until) for stack in self.stacks]
            provider = pool.submit(drive, self.options.seed, self._stop, self.samples)
            self._wait([*stacks, provider], stacks, console, began)
            self._stop.set()
            provider.result()
        leftovers.check_processes(self.folder)

    def _soak(self, stack: Stack, until: float) -> None:
        try:
            turns = Turns(stack)
            guarded(turns.begin)
            while time.monotonic() < until and not self._stop.is_set():
                turns.turn()
            guarded(turns.finish)
        except BrokenError as error:
            steps = "\n".join(stack.steps)
            raise BrokenError(f"stack {stack.name}: {steps}\n{error}") from None

    def _wait(
        self, futures: list[Future[None]], stacks: list[Future[None]], console: Console, began: float
    ) -> None:
        line = began
        with console.status("") as status:
            while True:
                done, _ = wait(futures, timeout=1, return_when=FIRST_EXCEPTION)
                for future in done:
                    future.result()
                if all(future.done() for future in stacks):
                    return
                status.update(self._progress(began))
                if not console.is_terminal and time.monotonic() - line >= _BETWEEN_LINES:
                    line = time.monotonic()
                    console.print(self._progress(began))

    def _progress(self, began: float) -> str:
        done = self.done()
        operations = self.samples[-1].operations if self.samples else 0
        return (
            f"soak: {(time.monotonic() - began) / 60:.1f} of {self.options.minutes:g} minutes, "
            f"{done['checks']} checks, {done['kill']} kills, {operations} operations of one provider"
        )

    def done(self) -> Counter[str]:
        """Count what all stacks have done."""
        return sum((stack.done for stack in self.stacks), Counter())


def report(soak: Soak, console: Console, *, write_down: bool) -> int:
    """Print the figures. Return 0, or 1 if something grew."""
    options = soak.options
    figures = Figures(
        options.seed, options.minutes, options.stacks, soak.done(), soak.watch.peaks, soak.samples
    )
    pulumi = shutil.which("pulumi", path=soak.stacks[0].project.environ["PATH"]) or "pulumi"
    rows = [*figures.rows(), *machine(pulumi)]
    for what, how_much in rows:
        console.print(f"{what}: {how_much}", markup=False)
    if figures.minutes < FULL_LENGTH:
        console.print(f"soak: shorter than {FULL_LENGTH} minutes, so growth is not judged")
    for problem in figures.problems:
        console.print(f"soak: {problem}")
    if figures.problems:
        return 1
    if write_down:
        write(DOCUMENT, table(rows))
    return 0


def _terminated(*_: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _terminated)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
