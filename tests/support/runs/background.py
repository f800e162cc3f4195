"""A `pulumi` command in progress, for tests that interrupt it."""

import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.support.patience import PATIENCE
from tests.support.pulumi_project import Project


@dataclass
class Running:
    """The CLI and the plugin that it started; each in turn can be stopped, continued and killed."""

    cli: subprocess.Popen[str]

    @classmethod
    def start(cls, project: Project, *args: str, niceness: int = 0) -> Self:
        command = [
            "nice",
            f"-n{niceness}",
            "pulumi",
            *args,
            "--yes",
            "--skip-preview",
            "--non-interactive",
            "--color=never",
        ]
        pipe = subprocess.PIPE
        return cls(
            subprocess.Popen(
                command,
                cwd=project.folder,
                env=project.environ,
                stdin=subprocess.DEVNULL,
                stdout=pipe,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )

    def family(self) -> dict[int, str]:
        """Every process below the CLI, with its command line."""
        parents = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                stat = (folder / "stat").read_text()
                command = (folder / "cmdline").read_text().replace("\0", " ")
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(folder.name)] = (int(stat.rpartition(")")[2].split()[1]), command)
        found: dict[int, str] = {}
        below = {self.cli.pid}
        while below:
            children = {pid: command for pid, (parent, command) in parents.items() if parent in below}
            found |= children
            below = set(children)
        return found

    def engine(self) -> int:
        """The process of the engine: the CLI, or the one that a script of the Automation API has started."""
        found = [
            pid
            for pid, command in self.family().items()
            if command.startswith("pulumi ") and " up " in command
        ]
        return found[0] if found else self.cli.pid

    def plugin(self) -> int:
        [pid] = [
            pid
            for pid, command in self.family().items()
            if re.search("python3? -u -m pulumi.dynamic", command)
        ]
        return pid

    def program(self) -> int:
        """The process of the program: for an inline one, the script itself."""
        found = [pid for pid, command in self.family().items() if "pulumi-language-python-exec" in command]
        return found[0] if found else self.cli.pid

    def wait(self, patience: float = 5 * PATIENCE) -> str:
        output, _ = self.cli.communicate(timeout=patience)
        return output

    def kill(self, *pids: int) -> None:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def end(self, family: dict[int, str]) -> str:
        """Wait until the command and everything below it has ended; return what it printed."""
        output = self.wait()
        deadline = time.monotonic() + PATIENCE
        while alive := [command for pid, command in family.items() if _is_alive(pid)]:
            assert time.monotonic() < deadline, f"still running: {alive}"
            time.sleep(0.02)
        return output


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
