"""Compares `rootfi-pulumi report` of twelve stacks with their exports, four at once, as the report does.

Each stack has all 17 types, and its own API key, encrypted in its config. Run `python -m bench.stacks`: it
takes about three minutes.
"""

import argparse
import json
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.rootfi import RootFi
from bench.run import environment
from bench.subjects import CLIENT_SECRET, REPOSITORY
from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.project.pulumi_cli import AT_ONCE

_SETTINGS = f"name: bench\nruntime: {{name: python, options: {{toolchain: pip, virtualenv: {sys.prefix}}}}}\n"
_BASE = "the exports alone"


class Stacks:
    """A project with deployed stacks, whose `pulumi` writes a line for each of its processes."""

    def __init__(self, folder: Path, environ: dict[str, str], keys: list[str]) -> None:
        self._folder, self._log = folder, folder / "processes"
        pulumi = shutil.which("pulumi", path=environ["PATH"]) or "pulumi"
        wrapper = folder / "counted" / "pulumi"
        wrapper.parent.mkdir()
        wrapper.write_text(f'#!/bin/sh\necho >>{shlex.quote(str(self._log))}\nexec {pulumi} "$@"\n')
        wrapper.chmod(0o755)
        self._pulumi = str(wrapper)
        self._environ = environ | {
            "PATH": f"{wrapper.parent}:{environ['PATH']}",
            "PULUMI_BACKEND_URL": folder.as_uri(),
            "PULUMI_HOME": str(folder / "home"),
            "PYTHONPATH": str(REPOSITORY),
        }
        (folder / "Pulumi.yaml").write_text(_SETTINGS)
        shutil.copy(REPOSITORY / "__main__.py", folder)
        self._names = [f"team-{number:02}" for number in range(1, len(keys) + 1)]
        named = list(zip(self._names, keys, strict=True))
        for name, key in track(named, "deploying", console=Console(stderr=True), transient=True):
            self._deploy(name, key)

    def export(self) -> None:
        """Export each stack."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(
                pool.map(
                    lambda name: self._run(self._pulumi, "stack", "export", "--stack", name), self._names
                )
            )

    def report(self, *options: str) -> None:
        """Report on all stacks."""
        self._run(sys.executable, "-m", "rootfi_pulumi.cli", "report", "--json", *options)

    def first_report(self) -> None:
        """Report on all stacks when no earlier report has compared their keys."""
        shutil.rmtree(self._folder / "home" / "rootfi-pulumi", ignore_errors=True)
        self.report()

    def processes(self, call: Callable[[], None]) -> int:
        """Return how many `pulumi` processes a call starts."""
        self._log.write_text("")
        call()
        return len(self._log.read_text().splitlines())

    def _deploy(self, name: str, key: str) -> None:
        shared = {"client_id": "app", "client_secret": {"from_env": CLIENT_SECRET}}
        entries = {str(each).lower(): {"integration_type": each, **shared} for each in IntegrationType}
        self._run(self._pulumi, "stack", "init", name)
        self._run(self._pulumi, "config", "set", "--secret", "rootfi:apiKey", "--stack", name, stdin=key)
        path = self._folder / f"Pulumi.{name}.yaml"
        declared = f"config:\n  rootfi:integrations: {json.dumps(entries)}\n"
        path.write_text(path.read_text().replace("config:\n", declared))
        self._run(self._pulumi, "up", "--yes", "--skip-preview", "--stack", name)

    def _run(self, *command: str, stdin: str = "") -> None:
        run = subprocess.run(
            command,
            cwd=self._folder,
            env=self._environ,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{run.stdout}{run.stderr}")


def main() -> None:
    """Measure in rounds, each of which has every subject once, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="rounds after the warm-up (default: 7)")
    parser.add_argument("--stacks", type=int, default=12, help="number of stacks (default: 12)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rootfi-stacks-") as folder, RootFi() as rootfi:
        environ = environment(Path(folder), rootfi)
        # Each stack has its key in its config.
        del environ["ROOTFI_API_KEY"]
        keys = [rootfi.add_organisation() for _ in range(options.stacks)]
        stacks = Stacks(Path(folder), environ, keys)
        subjects: dict[str, Callable[[], None]] = {
            _BASE: stacks.export,
            "the first report": stacks.first_report,
            "a report": stacks.report,
            "a report with --refresh": lambda: stacks.report("--refresh"),
        }
        processes = {name: stacks.processes(call) for name, call in subjects.items()}
        rounds = [
            {name: _time(call) for name, call in subjects.items()}
            for _ in track(range(options.rounds), "measuring", console=Console(stderr=True), transient=True)
        ]
    _show(processes, rounds)


def _time(call: Callable[[], None]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _show(processes: dict[str, int], rounds: list[dict[str, float]]) -> None:
    table = Table("subject", "processes", "seconds", "ratio", "lowest to highest")
    for name, number in processes.items():
        ratios = sorted(each[name] / each[_BASE] for each in rounds)
        seconds = median(each[name] for each in rounds)
        spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
        table.add_row(name, str(number), f"{seconds:.2f}", f"{median(ratios):.2f}", spread)
    Console().print(table)


if __name__ == "__main__":
    main()
