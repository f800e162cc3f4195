"""Prints and writes the table of figures and their targets."""

import json
import math
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bench.processes import WATCHED, Load
from bench.rootfi import Counts
from bench.scenarios import DECLARED, EMPTY, FLOOR, OURS, Measured

_WIDE = 150
_NAMES = {EMPTY: "empty program", FLOOR: "no-ops", OURS: "integrations", DECLARED: "declared"}


class Figure(NamedTuple):
    """One row. `reached` is None if the figure has no target."""

    what: str
    value: str
    bar: str = ""
    reached: bool | None = None
    spread: str = ""

    @property
    def verdict(self) -> str:
        """Return "yes", "no" or ""."""
        return "" if self.reached is None else "yes" if self.reached else "no"


@dataclass(frozen=True)
class Results:
    """All measurements."""

    rounds: int
    parallel: int
    pulumi: str
    measured: Mapping[str, Measured]
    loads: Mapping[str, Load]
    memory: Mapping[tuple[str, int], float]
    traffic: Mapping[str, Counts]

    def figures(self) -> Iterator[Figure]:
        """Yield the rows of the table."""
        measured = self.measured
        if "new" in measured:
            yield from _ratio(measured["new"], 1.08)
        if "new, slow" in measured:
            yield from _above_floor(measured["new, slow"], self.parallel)
        for title in ("unchanged", "unchanged, large", "preview"):
            if title in measured:
                yield from _ratio(measured[title], 1.03)
                sent = measured[title].requests
                yield Figure(f"{_title(measured[title])}: requests to RootFi", str(sent), "0", not sent)
        if "refresh, slow" in measured:
            yield _throughput(measured["refresh, slow"], self.parallel)
        yield from self._growth()
        yield from self._loads()
        yield from self._memory()
        for what, counts in self.traffic.items():
            yield Figure(
                f"{what}: requests; connections; bytes sent, received",
                f"{counts.requests}; {counts.connections}; {counts.sent}, {counts.received}",
            )

    def growth(self) -> dict[str, list[tuple[int, float]]]:
        """Return the sizes and seconds of an `up` that creates everything, by program."""
        steps = [each for each in self.measured.values() if each.scenario.title.startswith(("new", "growth"))]
        return {
            _NAMES[program]: sorted(
                (each.scenario.size, each.wall(program)) for each in steps if not each.scenario.delay
            )
            for program in (FLOOR, OURS)
        }

    def _growth(self) -> Iterator[Figure]:
        floor, ours = (dict(self.growth()[_NAMES[program]]) for program in (FLOOR, OURS))
        if len(floor) > 1:
            first, last = min(floor), max(floor)
            grown = [seconds[last] - seconds[first] for seconds in (ours, floor)]
            what = f"growth of up from {first} to {last} new, against the no-ops' growth"
            yield _at_most(
                what, grown[0] / grown[1], 1.05, f"{grown[0]:.2f} s against {grown[1]:.2f} s", digits=3
            )

    def _loads(self) -> Iterator[Figure]:
        bars = {
            "program": ("RootFiIntegration in the program, beyond pulumi", 60, "requests"),
            "declared": ("Environment and the config's model in the program, beyond pulumi", 60, "requests"),
            "plugin": ("the provider in the plugin, configured, beyond the SDK", 120, "pydantic"),
        }
        for name, load in self.loads.items():
            what, bar, unwanted = bars[name]
            spread = f"{load.cpu * 1000:.0f} ms of processor"
            yield _at_most(f"loading {what}", load.wall * 1000, bar, spread, unit=" ms", digits=0)
            yield Figure(
                f"{name}: of {', '.join(WATCHED)} loaded",
                ", ".join(load.modules) or "none",
                f"not {unwanted}",
                unwanted not in load.modules,
            )

    def _memory(self) -> Iterator[Figure]:
        for size in sorted({size for _, size in self.memory}):
            floor, ours = self.memory[FLOOR, size], self.memory[OURS, size]
            what = f"plugin's peak memory, {size} new, beyond a no-op plugin's"
            yield _at_most(
                what, ours - floor, 15, f"{ours:.1f} against {floor:.1f} MiB", unit=" MiB", digits=1
            )


def _ratio(measured: Measured, bar: float) -> Iterator[Figure]:
    for program in measured.scenario.programs:
        if program == EMPTY:
            yield Figure(f"{_title(measured)}: empty program", f"{measured.wall(program):.2f} s")
        elif program != FLOOR:
            ratios = measured.ratios(program)
            processor = median(measured.ratios(program, cpu=True))
            spread = (
                f"{ratios[0]:.2f} to {ratios[-1]:.2f}; {measured.wall(program):.2f} s against "
                f"{measured.wall(FLOOR):.2f} s; processor {processor:.3f}"
            )
            what = f"{_title(measured)}: {_NAMES[program]} against no-ops"
            yield _at_most(what, median(ratios), bar, spread, digits=3)


def _above_floor(measured: Measured, parallel: int) -> Iterator[Figure]:
    scenario = measured.scenario
    bar = 1.3 * math.ceil(scenario.size / parallel) * scenario.delay
    for program in (OURS, DECLARED):
        above = sorted(each[program].wall - each[FLOOR].wall for each in measured.rounds)
        spread = f"{above[0]:.2f} to {above[-1]:.2f} s; {measured.wall(program):.2f} s in all"
        what = f"{_title(measured)}: {_NAMES[program]}, above the no-ops"
        yield _at_most(what, median(above), bar, spread, unit=" s", digits=2)


def _throughput(measured: Measured, parallel: int) -> Figure:
    scenario = measured.scenario
    limit = scenario.size / parallel * scenario.delay
    shares = sorted((each[FLOOR].wall + limit) / each[OURS].wall for each in measured.rounds)
    value = median(shares)
    spread = (
        f"{shares[0]:.0%} to {shares[-1]:.0%}; {measured.wall(OURS):.2f} s; no-ops "
        f"{measured.wall(FLOOR):.2f} s, and {limit:.2f} s for {parallel} at a time"
    )
    what = f"{_title(measured)}: of the throughput that the engine's parallelism allows"
    return Figure(what, f"{value:.0%}", "≥ 90%", value >= 0.9, spread)  # noqa: PLR2004


def _at_most(  # noqa: PLR0913
    what: str, value: float, bar: float, spread: str, *, unit: str = "", digits: int = 2
) -> Figure:
    return Figure(
        what, f"{value:.{digits}f}{unit}", f"≤ {bar:.4g}{unit}", round(value, digits) <= bar, spread
    )


def _title(measured: Measured) -> str:
    scenario = measured.scenario
    state = {"empty": "new", "deployed": "unchanged"}[scenario.state]
    slow = f" at {scenario.delay} s" if scenario.delay else ""
    return f"{scenario.command} of {scenario.size} {state}{slow}"


def parallelism(environ: Mapping[str, str]) -> int:
    """Return how many operations the engine runs in parallel by default."""
    printed = subprocess.run(
        ["pulumi", "up", "--help"], env=environ, check=True, text=True, stdout=subprocess.PIPE
    ).stdout
    found = re.search(r"--parallel.*\(default (\d+)\)", printed)
    if not found:
        sys.exit("pulumi up --help does not show its default parallelism")
    return int(found[1])


def show(results: Results) -> None:
    """Print the table."""
    table = Table("figure", "measured", "bar", "reached", "spread")
    for figure in results.figures():
        style = {True: "green", False: "red", None: ""}[figure.reached]
        table.add_row(figure.what, figure.value, figure.bar, figure.verdict, figure.spread, style=style)
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)


def write(results: Results, folder: Path) -> None:
    """Write RESULTS.md, growth.json and a plot of it, growth.png."""
    rows = [
        f"| {figure.what} | {figure.value} | {figure.bar} | {figure.verdict} | {figure.spread} |"
        for figure in results.figures()
    ]
    versions = (
        f"Pulumi {results.pulumi}, its SDK {version('pulumi')}, Python {platform.python_version()}; "
        f"up to {results.parallel} operations in parallel, file backend, `--skip-preview`."
    )
    text = [
        "# Results of `make bench`",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {results.rounds} rounds, {_machine()}.",
        versions,
        "",
        "Figures are medians of paired rounds, which alternate between ours and the floor. `no-ops` are",
        "dynamic resources with as many properties and one secret, `integrations` is a program with",
        "RootFiIntegration, `declared` is this repository's program with a stack file: see",
        "[docs/performance.md](../docs/performance.md).",
        "",
        "| figure | measured | bar | reached | spread |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "![How the time grows with the number of integrations](growth.png)",
        "",
    ]
    (folder / "RESULTS.md").write_text("\n".join(text))
    steps = folder / "growth.json"
    steps.write_text(json.dumps(results.growth()) + "\n")
    # In a separate environment, since matplotlib needs many packages.
    plot = [sys.executable, "-m", "uv", "run", "--quiet", "--script", str(Path(__file__).parent / "plot.py")]
    if subprocess.run([*plot, steps, folder / "growth.png"], check=False).returncode:
        sys.exit("growth.png was not written: plot.py failed; the other files are written")


def _machine() -> str:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    load = os.getloadavg()[0]
    cpu = model[1] if model else platform.machine()
    return f"{os.cpu_count()} processors ({cpu}), {platform.system()}, load {load:.1f} at the end"
