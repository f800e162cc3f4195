"""`make bench-choices`: compares an `up` with other Pythons, backends and options to the usual one.

It runs in rounds, each of which has every choice once. It takes about five minutes.
"""

import argparse
import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.rootfi import RootFi
from bench.run import environment
from bench.scenarios import DECLARED
from bench.subjects import REPOSITORY, Run, Subject
from tests.support.backends import postgresql, s3
from tests.support.backends.backend import Bucket, Database
from tools.bounds import pythons

_SIZE = 17
_SLOW = 0.3


@dataclass(frozen=True)
class Choice:
    """What is chosen, the usual choice that it is compared with, and how to run it once."""

    name: str
    base: str
    run: Callable[[], Run]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="rounds after the warm-up (default: 7)")
    rounds = parser.parse_args().rounds
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # the S3 server logs each request
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rootfi-choices-")))
        rootfi = stack.enter_context(RootFi())
        progress = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
        choices = [
            *_unchanged(folder, rootfi, stack),
            *_parallel(folder / "parallel", rootfi),
        ]
        task = progress.add_task("measuring", total=(rounds + 1) * len(choices))
        runs: dict[str, list[float]] = {each.name: [] for each in choices}
        for _ in range(rounds + 1):
            for each in choices:
                progress.update(task, description=each.name, advance=1)
                runs[each.name].append(each.run().wall)
    # The first round is the warm-up.
    _show(choices, {name: walls[1:] for name, walls in runs.items()})


def _unchanged(folder: Path, rootfi: RootFi, stack: ExitStack) -> Iterator[Choice]:
    """Yield the choices of an `up` with nothing to do: none, the preview, the Python, the backend."""
    environ = environment(folder, rootfi)
    usual = f"{_SIZE} unchanged, a folder, Python {sys.version_info.major}.{sys.version_info.minor}"
    subject = _deployed(folder / "usual", environ)
    yield Choice(usual, usual, lambda: subject.run("up"))
    yield Choice("with the preview before it", usual, lambda: subject.run("up", "--skip-preview=false"))
    for version, python in pythons():
        if version != "{}.{}".format(*sys.version_info):
            other = _deployed(folder / version, environ, _install(folder / f"venv-{version}", python))
            yield Choice(f"Python {version}", usual, _up(other))
    for backend in (
        Database(stack.enter_context(postgresql.running())),
        Bucket(stack.enter_context(s3.running())),
    ):
        name = type(backend.server).__module__.rpartition(".")[2]
        yield Choice(name, usual, _up(_deployed(folder / name, environ | backend.environ)))


def _parallel(folder: Path, rootfi: RootFi) -> Iterator[Choice]:
    """Yield choices of --parallel for creates that RootFi answers slowly."""
    subject = Subject(folder, DECLARED, _SIZE, environment(folder, rootfi))

    def create(*options: str) -> Callable[[], Run]:
        def run() -> Run:
            subject.begin("empty")
            rootfi.answer_after(_SLOW)
            try:
                return subject.run("up", "--skip-preview", *options)
            finally:
                rootfi.answer_after(0)

        return run

    usual = f"{_SIZE} new, RootFi takes {_SLOW} s"
    yield Choice(usual, usual, create())
    for number in (1, 4, _SIZE):
        yield Choice(f"--parallel {number}", usual, create("--parallel", str(number)))


def _deployed(folder: Path, environ: dict[str, str], virtualenv: Path = Path(sys.prefix)) -> Subject:
    subject = Subject(folder, DECLARED, _SIZE, environ, str(virtualenv))
    subject.run("up")
    return subject


def _up(subject: Subject) -> Callable[[], Run]:
    return lambda: subject.run("up")


def _install(folder: Path, python: str) -> Path:
    """Install what a deployment needs, for another Python."""
    uv = [sys.executable, "-m", "uv"]
    lock = str(REPOSITORY / "requirements.txt")
    for command in (
        [*uv, "venv", "--quiet", "--python", python, str(folder)],
        [
            *uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            str(folder),
            "--compile-bytecode",
            "--requirements",
            lock,
        ],
    ):
        subprocess.run(command, check=True)
    return folder


def _show(choices: list[Choice], walls: dict[str, list[float]]) -> None:
    table = Table("choice", "seconds", "ratio", "lowest to highest")
    for each in choices:
        ratios = sorted(own / base for own, base in zip(walls[each.name], walls[each.base], strict=True))
        table.add_row(
            each.name,
            f"{median(walls[each.name]):.2f}",
            f"{median(ratios):.2f}",
            f"{ratios[0]:.2f} to {ratios[-1]:.2f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
