"""Reads the running stack's state from the program, in parallel with it.

See https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
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

# A file backend's state cannot be read in the instant in which the engine writes it.
_ATTEMPTS = 3
# Enough to leave the processor to a busy run, not so much that a run that creates waits for the answer.
_NICENESS = 5
# Pulumi's name for the organization where the backend has none: files, S3, PostgreSQL and the like.
_NO_ORGANIZATION = "organization"
# The error by which such a backend refuses a qualified name, in the layout from before stacks had a project.
_OF_LEGACY_LAYOUT = re.compile("a stack name may only contain .* invalid character '/'")


class StackState:
    """Reads the running stack's state.

    With `reads_at_once` the first reading begins at once, in parallel with the program. `is_certain` says
    that it can only be this stack's. In an inline program of the Automation API it may be that of another
    stack of the same name, since the engine has its own environment and folder, which only Linux shows. With
    `is_in_pulumi_cloud` the time in the state is not this machine's, so `with_own` may be wrong. A backend in
    the legacy layout knows a stack by its bare name, without its project.
    """

    def __init__(self, *, reads_at_once: bool) -> None:
        self._run_started = datetime.now(UTC)
        # Here, since only the program's main thread knows its stack.
        self._bare_name, organization = pulumi.get_stack(), pulumi.get_organization()
        self._stack = f"{organization}/{pulumi.get_project()}/{self._bare_name}"
        self.is_in_pulumi_cloud = organization != _NO_ORGANIZATION
        root: str | None = pulumi.runtime.get_root_directory()
        self.is_certain = root is not None
        # Not the program's folder: `main` may be elsewhere, and the program may have changed its folder.
        self._folder, self._environ = (Path(root), {}) if root else surroundings(engine_port())
        self._first: subprocess.Popen[str] | None = None
        if reads_at_once:
            self._begin()

    def _begin(self) -> None:
        with contextlib.suppress(PulumiError):
            self._first = start_export(self._stack, self._folder, self._environ)
            atexit.register(self._first.kill)
            # Most runs create nothing and never need the answer: it must not slow them down.
            with contextlib.suppress(AttributeError, OSError):
                # Not everywhere, and not allowed if the priority of this process is already lower.
                os.setpriority(os.PRIO_PROCESS, self._first.pid, _NICENESS)

    @property
    def is_found(self) -> bool:
        """Whether it is known where the state of this stack is read."""
        return self._folder is not None

    def at_start(self) -> EarlierRuns:
        """Return what the first reading found or, if it failed, what the state has now."""
        if self._first:
            with contextlib.suppress(StateUnreadableError):
                return finish_export(self._first, self._run_started)
        return self.now()

    def now(self) -> EarlierRuns:
        """Read the state again. Raises StateUnreadableError if several attempts fail."""
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
        # In another layout the bare name could be that of another organization's stack.
        self._stack = self._bare_name
        return read_state(self._stack, self._run_started, self._folder, self._environ)
