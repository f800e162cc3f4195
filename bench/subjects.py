"""The measured Pulumi projects, which only differ in their program; each has a separate state."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from rootfi_pulumi.api.models import IntegrationType

REPOSITORY = Path(__file__).parents[1]
PROGRAMS = Path(__file__).parent / "programs"
CLIENT_SECRET = "BENCH_CLIENT_SECRET"  # noqa: S105 (the name of a variable)
_SETTINGS = """\
name: bench
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: {virtualenv}
"""
_PLUGIN = ["-m", "pulumi.dynamic"]


@dataclass(frozen=True)
class Run:
    """One command's wall-clock and processor seconds, including its children's."""

    wall: float
    cpu: float


class Subject:
    """One program at one size. Saved states can be restored any number of times."""

    def __init__(
        self, folder: Path, program: str, size: int, environ: dict[str, str], virtualenv: str = sys.prefix
    ) -> None:
        self.name = program
        self.size = size
        self._folder = folder / f"{program}-{size}"
        self._state = self._folder / "state"
        # A backend in `environ` overrides the folder.
        self._environ = {"PULUMI_BACKEND_URL": self._state.as_uri(), "BENCH_SIZE": str(size)} | environ
        self._state.mkdir(parents=True)
        self._write(program, virtualenv)
        self._pulumi("stack", "init", "dev")
        if program == "environment":
            self._declare()
        self._save("empty")

    def begin(self, state: str) -> None:
        """Restore the stack's state "empty" or "deployed"."""
        kept = self._folder / state
        if not kept.exists():
            self.begin("empty")
            self.run("up")
            self._save(state)
        shutil.rmtree(self._state)
        shutil.copytree(kept, self._state)

    def run(self, command: str, *options: str) -> Run:
        """Time one command, by default without the preview before it."""
        options = options or ("--skip-preview",)
        arguments = [command] if command == "preview" else [command, "--yes", *options]
        before, started = os.times(), time.perf_counter()
        self._pulumi(*arguments)
        wall, after = time.perf_counter() - started, os.times()
        cpu = after.children_user - before.children_user + after.children_system - before.children_system
        return Run(wall, cpu)

    def peak_memory(self, command: str) -> float:
        """Run a command and return its plugin's peak memory in MiB."""
        running = subprocess.Popen(
            self._command(command, "--yes", "--skip-preview"),
            cwd=self._folder,
            env=self._environ,
            stdout=subprocess.DEVNULL,
        )
        peak = 0.0
        while running.poll() is None:
            # The kernel records the peak, so polling only misses the last moment.
            peak = max([peak, *map(_peak_of, _plugins_of(running.pid))])
            time.sleep(0.01)
        if running.returncode:
            sys.exit(f"pulumi {command} of {self.size} {self.name} failed")
        return peak

    def _write(self, program: str, virtualenv: str) -> None:
        own = REPOSITORY / "__main__.py"
        source = own if program == "environment" else PROGRAMS / f"{program}.py"
        shutil.copy(source, self._folder / "__main__.py")
        (self._folder / "Pulumi.yaml").write_text(_SETTINGS.format(virtualenv=virtualenv))

    def _declare(self) -> None:
        integrations = {
            f"resource-{number}": {
                "integration_type": each,
                "client_id": f"client-{number}",
                "client_secret": {"from_env": CLIENT_SECRET},
            }
            for number, each in enumerate(list(IntegrationType)[: self.size])
        }
        path = self._folder / "Pulumi.dev.yaml"
        config = f"config:\n  rootfi:integrations: {json.dumps(integrations)}\n"
        path.write_text((path.read_text() if path.exists() else "") + config)

    def _save(self, state: str) -> None:
        shutil.copytree(self._state, self._folder / state)

    def _pulumi(self, *arguments: str) -> None:
        done = subprocess.run(
            self._command(*arguments),
            cwd=self._folder,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"pulumi {arguments[0]} of {self.size} {self.name} failed:\n{done.stdout}")

    def _command(self, *arguments: str) -> list[str]:
        # Popen would look up the plain name in this process's PATH, not the environment's.
        pulumi = shutil.which("pulumi", path=self._environ["PATH"]) or "pulumi"
        return [pulumi, *arguments, "--non-interactive", "--color=never"]


def _plugins_of(pid: int) -> list[psutil.Process]:
    try:
        return [each for each in psutil.Process(pid).children(recursive=True) if _is_plugin(each)]
    except psutil.NoSuchProcess:
        return []


def _is_plugin(process: psutil.Process) -> bool:
    command = process.cmdline()
    return any(command[at : at + 2] == _PLUGIN for at in range(len(command)))


def _peak_of(process: psutil.Process) -> float:
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    lines = [line.split() for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0][1]) / 1024 if lines else 0.0
