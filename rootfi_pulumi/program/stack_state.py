"""Reads the running stack's state from the program, in parallel with it.

Rests on https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
"""

import atexit
import contextlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pulumi

from rootfi_pulumi.project.earlier_runs import (
    EarlierRuns,
    StateUnreadableError,
    finish_export,
    read_state,
    start_export,
)
from rootfi_pulumi.project.pulumi_cli import PulumiError
from rootfi_pulumi.sdk_internals.engine_process import engine_port, surroundings

if TYPE_CHECKING:
    import subprocess

# A file backend's state can't be read in the instant in which the engine writes it.
_ATTEMPTS = 3
# Enough to leave a busy run the processor, not so much that one that creates waits for the answer.
_NICENESS = 5
# What Pulumi calls the organization of a stack whose backend has none: files, S3, PostgreSQL and the like.
_NO_ORGANIZATION = "organization"
# How such a backend refuses a qualified name in the layout that it had before stacks were of a project.
_OF_LEGACY_LAYOUT = re.compile("a stack name may only contain .* invalid character '/'")


class StackState:
    """Reads the running stack's state.

    With `reads_at_once` the first reading begins at once, in parallel with the program. `is_certain` says
    that it can only be this stack's. Of an inline program of the Automation API it may be another's, of the
    same name: the engine has an environment and a folder of its own, known on Linux alone.
    With `is_in_pulumi_cloud` the time in the state is not this machine's, so `with_own` may be wrong.
    A backend in the legacy layout knows a stack by its bare name alone, whatever its project.
    """

    def __init__(self, *, reads_at_once: bool) -> None:
        self._run_started = datetime.now(UTC)
        # Here, since only the program's own thread knows its stack.
        self._bare_name, organization = pulumi.get_stack(), pulumi.get_organization()
        self._stack = f"{organization}/{pulumi.get_project()}/{self._bare_name}"
        self.is_in_pulumi_cloud = organization != _NO_ORGANIZATION
        root: str | None = pulumi.runtime.get_root_directory()
        self.is_certain = root is not None
        # Not the program's folder: `main` may be elsewhere, and the program may have gone elsewhere.
        self._folder, self._environ = (Path(root), {}) if root else surroundings(engine_port())
        self._first: subprocess.Popen[str] | None = None
        if reads_at_once:
            self._begin()

    def _begin(self) -> None:
        with contextlib.suppress(PulumiError):
            self._first = start_export(self._stack, self._folder, self._environ)
            atexit.register(self._first.kill)
            # Most runs create nothing and never ask for the answer: it must not slow them down.
            with contextlib.suppress(OSError):
                # Not allowed where this process is less than that already.
                os.setpriority(os.PRIO_PROCESS, self._first.pid, _NICENESS)

    @property
    def is_found(self) -> bool:
        """Whether it is known where the state of this stack is read."""
        return self._folder is not None

    def at_start(self) -> EarlierRuns:
        """Return what the first reading told, or, if it failed, what the state tells now."""
        if self._first:
            with contextlib.suppress(StateUnreadableError):
                return finish_export(self._first, self._run_started)
        return self.now()

    def now(self) -> EarlierRuns:
        """Read the state anew. Raises StateUnreadableError if that fails several times over."""
        for _ in range(_ATTEMPTS - 1):
            with contextlib.suppress(StateUnreadableError):
                return self._read()
        return self._read()

    def _read(self) -> EarlierRuns:
        try:
            return read_state(self._stack, self._run_started, self._folder, self._environ)
        except StateUnreadableError as error:
            if self.is_in_pulumi_cloud or not _OF_LEGACY_LAYOUT.search(error.why):
                raise
        # In another layout the bare name could be of another organization's stack.
        self._stack = self._bare_name
        return read_state(self._stack, self._run_started, self._folder, self._environ)
