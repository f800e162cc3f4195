"""Prints in the form that the forge whose job this is understands: GitHub, GitLab, or no forge."""

import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rootfi_pulumi.cli.deployment.log import Log


class Forge:
    """No forge: a terminal, or a log that is plain text."""

    def __init__(self, log: Log, errors: Log) -> None:
        self._log = log
        self._errors = errors

    @contextmanager
    def section(self, title: str, *, is_foldable: bool) -> Iterator[None]:  # noqa: ARG002 (not here)
        """Print what the block prints as a section that a reader can fold."""
        yield

    def print_failure(self, title: str, text: str) -> None:
        """Print what failed and what to do, in one line."""
        self._errors.print(f"{title}: {text}")

    def print_warning(self, title: str, text: str) -> None:
        """Print what may be wrong and what to do, in one line."""
        self._errors.print(f"{title}: {text}")

    def add_summary(self, markdown: str) -> None:
        """Add to the summary on the job's page, where there is one."""


class GitHub(Forge):
    """A job on GitHub Actions, or on a forge that runs its workflows.

    See https://docs.github.com/en/actions/reference/workflows-and-commands/workflow-commands
    """

    def __init__(self, log: Log, errors: Log, summary: Path | None) -> None:
        super().__init__(log, errors)
        self._summary = summary

    @contextmanager
    def section(self, title: str, *, is_foldable: bool) -> Iterator[None]:
        """Print a group, in which no line is a command: it may come from RootFi or a stack's file."""
        if is_foldable:
            self._log.print(workflow_command("group", title))
        token = secrets.token_hex(16)
        self._log.print(workflow_command("stop-commands", token))
        try:
            yield
        finally:
            self._log.print(f"::{token}::")
            if is_foldable:
                self._log.print(workflow_command("endgroup"))

    def print_failure(self, title: str, text: str) -> None:
        """Print an annotation, which the run's page shows too."""
        self._log.print(workflow_command("error", text, title=title))

    def print_warning(self, title: str, text: str) -> None:
        """Print an annotation, which the run's page shows too."""
        self._log.print(workflow_command("warning", text, title=title))

    def add_summary(self, markdown: str) -> None:
        """Append to the step's summary."""
        if self._summary:
            try:
                with self._summary.open("a", encoding="utf-8") as file:
                    file.write(markdown)
            except OSError as error:
                self._errors.print(f"{self._summary}: {error.strerror}: the step has no summary")


class GitLab(Forge):
    """A job on GitLab. See https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections."""

    @contextmanager
    def section(self, title: str, *, is_foldable: bool) -> Iterator[None]:
        """Print a collapsible section."""
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", title)
        if is_foldable:
            self._log.print(f"\x1b[0Ksection_start:{int(time.time())}:{name}\r\x1b[0K{title}")
        try:
            yield
        finally:
            if is_foldable:
                self._log.print(f"\x1b[0Ksection_end:{int(time.time())}:{name}\r\x1b[0K")

    def print_warning(self, title: str, text: str) -> None:
        """Print to the job's log, in its place between the sections."""
        self._log.print(f"{title}: {text}")


def find_forge(environ: Mapping[str, str], log: Log, errors: Log) -> Forge:
    """Return the forge whose job has these environment variables."""
    if environ.get("GITHUB_ACTIONS") == "true":
        summary = environ.get("GITHUB_STEP_SUMMARY")
        return GitHub(log, errors, Path(summary) if summary else None)
    if environ.get("GITLAB_CI") == "true":
        return GitLab(log, errors)
    return Forge(log, errors)


def workflow_command(name: str, text: str = "", **properties: str) -> str:
    """Return a workflow command of GitHub's, of one line, escaped as its toolkit does."""
    given = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items())
    return f"::{name}{f' {given}' if given else ''}::{_escape(text)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
