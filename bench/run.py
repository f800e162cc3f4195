"""`make bench`: measures how much an `up` of integrations costs beyond the engine.

It runs the real engine, its file backend, both Python processes and the emulated RootFi, for a quarter of an
hour. --quick only shows that it works, in less than a minute.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bench import processes, report
from bench.rootfi import Counts, Relay, RootFi
from bench.scenarios import DECLARED, EMPTY, FLOOR, OURS, Measured, Scenario, measure
from bench.subjects import CLIENT_SECRET, REPOSITORY, Subject


@dataclass(frozen=True)
class Sizes:
    """Numbers of integrations: one of each type, a large stack, the steps of growth, and its end."""

    usual: int = 17
    large: int = 200
    steps: tuple[int, ...] = (50, 100, 200)
    end: int = 500


QUICK = Sizes(usual=1, large=1, steps=(), end=2)


def scenarios(sizes: Sizes, rounds: int) -> Iterator[tuple[Scenario, int]]:
    """Yield each scenario with its number of rounds: fewer if a round takes half a minute."""
    usual, large = sizes.usual, sizes.large
    all_four = (EMPTY, FLOOR, OURS, DECLARED)
    yield Scenario("new", "up", usual, "empty", all_four), rounds
    yield Scenario("new, slow", "up", usual, "empty", (FLOOR, OURS, DECLARED), delay=0.3), rounds
    yield Scenario("unchanged", "up", usual, "deployed", (FLOOR, OURS, DECLARED)), rounds
    yield Scenario("unchanged, large", "up", large, "deployed"), rounds
    yield Scenario("preview", "preview", usual, "empty", (FLOOR, OURS, DECLARED)), rounds
    yield Scenario("refresh, slow", "refresh", large, "deployed", delay=0.1), max(1, rounds // 2)
    for size in (*sizes.steps, sizes.end):
        yield Scenario(f"growth, {size}", "up", size, "empty"), max(1, rounds // 2)


def main() -> None:
    """Measure, print the table, and write RESULTS.md with a plot to --output."""
    options = _options()
    sizes = QUICK if options.quick else Sizes()
    rounds = 1 if options.quick else options.rounds
    with (
        tempfile.TemporaryDirectory(prefix="rootfi-bench-") as temporary,
        RootFi() as rootfi,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        folder = Path(temporary)
        environ = environment(folder, rootfi)
        subjects: dict[tuple[str, int], Subject] = {}

        def subject(program: str, size: int) -> Subject:
            if (program, size) not in subjects:
                subjects[program, size] = Subject(folder, program, size, environ)
            return subjects[program, size]

        planned = list(scenarios(sizes, rounds))
        if options.only:
            planned = [(each, times) for each, times in planned if each.title in options.only]
        task = progress.add_task("measuring", total=len(planned) + 3)
        measured: dict[str, Measured] = {}
        for scenario, times in planned:
            progress.update(task, description=f"{scenario.title}: pulumi {scenario.command}")
            measured[scenario.title] = measure(scenario, subject, rootfi, times)
            progress.advance(task)
        progress.update(task, description="loading")
        loads = {name: processes.load(name, rounds) for name in processes.LOADS}
        progress.update(task, description="memory", advance=1)
        memory = {
            (program, size): processes.peak_memory(
                subject(program, size), 1 if size == sizes.end else min(rounds, 3)
            )
            for size in (sizes.usual, sizes.end)
            for program in (FLOOR, OURS)
            if not options.only
        }
        progress.update(task, description="traffic", advance=1)
        traffic = _traffic(folder / "counted", sizes.usual, environ, rootfi)
        parallel = report.parallelism(environ)
        pulumi = _output(["pulumi", "version"], environ)
    results = report.Results(rounds, parallel, pulumi, measured, loads, memory, traffic)
    report.show(results)
    if not options.only:
        report.write(results, options.output)


def _traffic(folder: Path, size: int, environ: dict[str, str], rootfi: RootFi) -> dict[str, Counts]:
    with Relay(rootfi.url) as relay:
        subject = Subject(folder, OURS, size, environ | {"ROOTFI_BASE_URL": relay.url})
        counts = {}
        for command in ("up", "refresh"):
            before = rootfi.requests()
            subject.run(command)
            counts[f"{command} of {size}"] = relay.counts(rootfi.requests() - before)
    return counts


def _output(command: Sequence[str | Path], environ: dict[str, str]) -> str:
    return subprocess.run(command, env=environ, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()


def environment(folder: Path, rootfi: RootFi) -> dict[str, str]:
    """Return the environment of the measured commands."""
    # Python may write bytecode: otherwise each run would compile this package, unlike installed ones.
    foreign = ("PULUMI_", "ROOTFI_", "AWS_", "PG", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    install = [sys.executable, str(REPOSITORY / "tools" / "pulumi" / "install.py")]
    return kept | {
        "PATH": f"{_output(install, kept)}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_CONFIG_PASSPHRASE": secrets.token_hex(16),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PYTHONPATH": processes.python_path(),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "ROOTFI_BASE_URL": rootfi.url,
        "ROOTFI_API_KEY": rootfi.api_key,
        CLIENT_SECRET: secrets.token_hex(16),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="rounds after the warm-up (default: 7)")
    parser.add_argument("--quick", action="store_true", help="tiny stacks and one round, to try the tools")
    parser.add_argument("--only", nargs="+", metavar="TITLE", help="measure only these scenarios")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent, help="folder for RESULTS.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
