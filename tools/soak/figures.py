"""The results of a soak test: its figures, whether something grew, and the table in docs/reliability.md."""

import os
import platform
import subprocess
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from tools.soak.long_lived import THREADS, Sample
from tools.soak.memory import MIB, Series

FULL_LENGTH = 30
"""Minutes. A shorter soak cannot show growth, and is not written to the document."""
BEGIN, END = "<!-- Written by `make soak`: begin -->", "<!-- Written by `make soak`: end -->"
# The growth of the warm samples that is still noise, in MiB, threads or files. A leak exceeds it.
_MOST_GROWTH = 3.0


@dataclass(frozen=True)
class Figures:
    """The results. `done` counts what happened in all stacks; `peaks` has the plugins' MiB over hours."""

    seed: int
    minutes: float
    stacks: int
    done: Counter[str]
    peaks: Series
    samples: list[Sample]

    @property
    def memory(self) -> Series:
        """MiB of the long-lived provider, over thousands of operations."""
        return Series([(each.operations / 1000, each.memory / MIB) for each in self.samples])

    @property
    def problems(self) -> list[str]:
        """What grew, if the soak was long enough to show it."""
        if self.minutes < FULL_LENGTH:
            return []
        threads = Series([(each.operations, each.threads) for each in self.samples])
        files = Series([(each.operations, each.files) for each in self.samples])
        grown = {
            "the memory of the plugins (MiB)": self.peaks,
            "the memory of the long-lived provider (MiB)": self.memory,
            "the threads of the long-lived provider": threads,
            "the open files of the long-lived provider": files,
        }
        return [
            f"{what} grew by {series.growth:.1f}"
            for what, series in grown.items()
            if series.growth > _MOST_GROWTH
        ]

    def rows(self) -> list[tuple[str, str]]:
        """Return the figures as pairs of label and value."""
        done, last = self.done, self.samples[-1] if self.samples else None
        runs = ", ".join(f"{done[name]} {name}" for name in ("up", "refresh", "preview", "destroy"))
        return [
            ("Length", f"{self.minutes:g} minutes, {self.stacks} stacks at once, seed {self.seed}"),
            ("Runs of the real engine", f"{runs}, {done['kill']} killed on the way"),
            (
                "Changes outside Pulumi",
                f"{done['drift']} of live integrations, {done['hand-made']} made by hand",
            ),
            (
                "Faults",
                f"{done['fault']} armed, {done['rate']} rate limits, {done['secrets']} ways to hide secrets",
            ),
            (
                "Recoveries",
                f"{done['adopt']} creates adopted, {done['forget']} forgotten, {done['cancel']} locks freed",
            ),
            ("Checks of everything", f"{done['checks']}, none failed"),
            ("Plugin processes", f"{len(self.peaks.samples)}, peak memory {self.peaks.span()} MiB"),
            ("Their growth", f"{self.peaks.slope:+.2f} MiB an hour"),
            ("One provider for long", _worked(last)),
            ("Its memory", f"{self.memory.span()} MiB, {self.memory.slope:+.3f} MiB for 1,000 operations"),
            (
                "Its threads, its open files",
                f"{_range(self.samples, 'threads')}, {_range(self.samples, 'files')}",
            ),
            ("Left behind", "no process, no lock, no temporary file"),
            (
                "Left by Pulumi when killed",
                f"{done['sweep']} temporary files, {done['trim']} attributes cut off in the state's folder",
            ),
        ]


def _worked(last: Sample | None) -> str:
    if last is None:
        return "nothing yet"
    return (
        f"{last.operations:,} operations in {THREADS} threads, {last.failed:,} of them failed as they should"
    )


def _range(samples: list[Sample], name: str) -> str:
    return Series([(each.operations, getattr(each, name)) for each in samples]).span("g")


def machine(pulumi: str) -> list[tuple[str, str]]:
    """Return the date, machine and versions. `pulumi` is the command."""
    pulumi_version = subprocess.run(
        [pulumi, "version"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()
    memory = round(psutil.virtual_memory().total / 1024 / MIB)
    return [
        ("Date", datetime.now(UTC).strftime("%Y-%m-%d")),
        ("Machine", f"{os.cpu_count()} cores, {memory} GiB, {platform.machine()}"),
        ("System", f"{_system()}, Linux {platform.release()}"),
        ("Versions", f"Python {platform.python_version()}, Pulumi {pulumi_version}, SDK {version('pulumi')}"),
    ]


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def table(rows: list[tuple[str, str]]) -> str:
    """Return rows as a Markdown table."""
    return "\n".join(["| | |", "|---|---|", *(f"| {what} | {how_much} |" for what, how_much in rows)])


def write(document: Path, content: str) -> None:
    """Replace the content between the markers of a document."""
    before, begin, rest = document.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{document} lacks the lines {BEGIN} and {END}")
    document.write_text(f"{before}{BEGIN}\n{content}\n{END}{after}")
