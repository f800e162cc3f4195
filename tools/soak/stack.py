"""One stack of the soak test: its project, its emulator, and the checks after each command."""

import subprocess
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import yaml

from rootfi_pulumi.emulator import Emulator, StoredIntegration
from rootfi_pulumi.provider.phrases import ENDS_AT_ONCE, INTERRUPTED_RUN, NOT_CREATED
from tests.support.pulumi_project import REPOSITORY, Project, encodings
from tests.support.runs.background import Running
from tests.support.runs.crashes import crash
from tests.support.runs.drills import Drill
from tools.demo.project import environment as demo_environment
from tools.soak import leftovers
from tools.soak.declaration import Declaration
from tools.soak.invariants import (
    BrokenError,
    Tracking,
    check_output,
    check_tracking,
    untracked,
)

# Seconds for a call of RootFi, including retries.
_TIMEOUT = 2
_REMEMBERED_STEPS = 60
_REFUSED = f"{NOT_CREATED}: {INTERRUPTED_RUN}"


class Stack:
    """A stack with a separate emulator, since faults and held requests belong to an emulator.

    `steps` has the last steps, `done` counts all steps by kind.
    """

    def __init__(self, name: str, folder: Path, seed: int, emulator: Emulator) -> None:
        """Create the project, but not yet the stack."""
        self.name = name
        self.random = Random(f"{seed}/{name}")  # noqa: S311 (reproducible, not secret)
        self.emulator = emulator
        self.api_key = emulator.add_organisation()
        self.declaration = Declaration(self.random)
        self.by_hand: set[int] = set()
        self.was_killed = False
        self.done: Counter[str] = Counter()
        self.steps: deque[str] = deque(maxlen=_REMEMBERED_STEPS)
        self._encrypted: dict[str, object] = {}
        self._scanned_until = 0
        self.temporary = folder / "tmp"
        self.backend = folder / "state"
        self.project = _project(folder, self.temporary)
        self.project.environ["ROOTFI_API_KEY"] = self.api_key
        self.project.secrets = [self.api_key, *self.declaration.secrets]

    def begin(self) -> None:
        """Create the stack, empty."""
        self._encrypted.clear()
        self.project.new_stack(self.name)
        self.project.declare({}, baseUrl=self.emulator.url, timeoutSeconds=_TIMEOUT)

    def note(self, step: str) -> None:
        """Record a step, and count it by its first word."""
        self.steps.append(step)
        self.done[step.split(maxsplit=1)[0]] += 1

    def write(self) -> None:
        """Write the declaration to the stack's file and the program's environment."""
        for entry in self.declaration.entries.values():
            if entry.stored and entry.secret not in self._encrypted:
                self._encrypted[entry.secret] = self._encrypt(entry.secret)
        integrations = {}
        for name, entry in self.declaration.entries.items():
            variable = f"SECRET_OF_{name.upper()}"
            self.project.environ[variable] = entry.secret
            secret = self._encrypted[entry.secret] if entry.stored else {"from_env": variable}
            integrations[name] = entry.members(secret)
        self.project.declare(integrations)

    def run(self, command: str, *args: str, code: int | None = None) -> str:
        """Run `up`, `refresh` or `destroy` and return the output. `code` is the expected code, if any."""
        self.note(" ".join([command, *args]))
        self.write()
        running = Running.start(self.project, command, *args)
        output = running.wait()
        self.steps.append(
            f"  exit code {running.cli.returncode}\n{output}" if running.cli.returncode else "  done"
        )
        self._check(output)
        if code not in (None, running.cli.returncode):
            raise BrokenError(f"{command} ended with {running.cli.returncode}, not {code}")
        return output

    def preview(self, *args: str) -> None:
        """Run a preview, which must change nothing, and succeed or refuse an interrupted create."""
        self.note(" ".join(["preview", *args]))
        self.write()
        before, tracking = self.at_rootfi(), self.tracking()
        result = self.project.attempt("preview", "--diff", *args)
        self._check(result.output)
        may_refuse = bool(tracking.pending | tracking.noted) and _REFUSED in result.output
        if result.code and not may_refuse:
            raise BrokenError(f"preview failed: {result.output}")
        if self.at_rootfi() != before:
            raise BrokenError("a preview changed something at RootFi")

    def kill(self, drill: Drill, *args: str) -> None:
        """Kill a run in the middle. The declaration must require the drill's operation."""
        self.note(f"kill {drill}")
        # A killed engine cannot release its lock or remove its files in TMPDIR.
        self.was_killed = drill.victim != "plugin"
        self.write()
        output = crash(drill, self.project, self.emulator, *args)
        self.steps.append(output)
        for path in leftovers.cut_off(self.backend):
            self.note(f"trim {path.name}")
            path.unlink()
        self._check(output)

    def tracking(self) -> Tracking:
        """Return what the state tracks."""
        return Tracking.of(self.project.deployment())

    def at_rootfi(self) -> list[StoredIntegration]:
        """Return the organisation's integrations."""
        return self.emulator.integrations(self.api_key)

    def untracked(self, tracking: Tracking) -> dict[str, list[int]]:
        """Return the integrations at RootFi whose ids the state lacks."""
        return untracked(tracking, self.at_rootfi(), self.by_hand)

    def _check(self, output: str) -> None:
        leftovers.check_processes(self.temporary)
        self.was_killed |= ENDS_AT_ONCE in output
        if not self.was_killed:
            leftovers.check_files(self.backend, self.temporary)
        check_output(output, self.project.secrets)
        tracking = self.tracking()
        self.by_hand -= {int(id_) for id_ in tracking.ids}
        check_tracking(tracking, self.at_rootfi(), self.by_hand)
        self._check_files_for_secrets()
        self.emulator.forget_requests()
        self.done["checks"] += 1

    def _check_files_for_secrets(self) -> None:
        needles = [needle.encode() for secret in self.project.secrets for needle in encodings(secret)]
        begun = time.time_ns()
        for path in self.project.folder.parent.rglob("*"):
            if path.is_file() and path.stat().st_mtime_ns >= self._scanned_until:
                content = path.read_bytes()
                if any(needle in content for needle in needles):
                    raise BrokenError(f"{path} contains a secret")
        self._scanned_until = begun

    def _encrypt(self, secret: str) -> object:
        key = "rootfi:integrations"
        self.project.pulumi("config", "set", "--secret", "--path", f"{key}.any.client_secret", stdin=secret)
        content: dict[str, Any] = yaml.safe_load(
            (self.project.folder / "stacks" / f"Pulumi.{self.name}.yaml").read_text()
        )
        return content["config"][key]["any"]["client_secret"]


def _project(folder: Path, temporary: Path) -> Project:
    environ = demo_environment(folder) | {
        "TMPDIR": str(temporary),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PYTHONPATH": str(REPOSITORY),
    }
    temporary.mkdir()
    (folder / "project").mkdir()
    project = Project(folder / "project", environ)
    project.write()
    return project


def guarded(check: Callable[[], object]) -> None:
    """Raise BrokenError for a failed assertion or a timeout of the tests' classes."""
    try:
        check()
    except (AssertionError, TimeoutError, subprocess.TimeoutExpired) as error:
        raise BrokenError(f"{type(error).__name__}: {error}") from error
