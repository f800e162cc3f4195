"""What a check of doctor found: its subject, status, message and remedy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Subject(StrEnum):
    """What a finding is about, as doctor prints it."""

    PROJECT = "project"
    CLI = "Pulumi CLI"
    LANGUAGE_HOST = "language host"
    PYTHON = "Python"
    SDK = "Pulumi SDK"
    PACKAGE = "rootfi_pulumi"
    PACKAGES = "packages"
    BACKEND = "backend"
    STACK = "stack"
    STACK_CONFIG = "stack config"
    SETTINGS = "settings"
    URL = "base URL"
    KEY = "API key"
    ACCESS = "base URL, API key"
    EARLIER_RUNS = "earlier runs"
    PENDING = "pending creates"
    UNFINISHED = "unfinished creates"
    JOURNAL = "journal of creates"
    OTHER_STACKS = "other stacks"
    STACK_FILES = "stack files"
    DECLARATION = "declaration"
    VARIABLES = "variables"


class Status(StrEnum):
    """The result of a check. `NOTE` does not affect the stack's next run; `NOT_CHECKED` may."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Finding:
    """One result of a check. `message` is one line without credentials.

    A problem has a `remedy`, which is one line or numbered steps on lines of their own; a note may have one.
    `command` carries out the remedy, or its last step, when pasted into a shell.
    """

    subject: Subject
    status: Status
    message: str
    remedy: str = ""
    command: str = ""

    @property
    def is_failure(self) -> bool:
        """Return whether `pulumi up` cannot or should not start, or whether that is unknown."""
        return self.status in (Status.PROBLEM, Status.NOT_CHECKED)


def ok(subject: Subject, message: str) -> Finding:
    """Return that the check passed."""
    return Finding(subject, Status.OK, message)


def note(subject: Subject, message: str, remedy: str = "", command: str = "") -> Finding:
    """Return something that is worth knowing but does not affect this stack's next run."""
    return Finding(subject, Status.NOTE, message, remedy, command)


def problem(subject: Subject, message: str, remedy: str, command: str = "") -> Finding:
    """Return that the check failed, and what to do."""
    return Finding(subject, Status.PROBLEM, message, remedy, command)


def not_checked(subject: Subject, why: str) -> Finding:
    """Return that something a run needs could not be checked."""
    return Finding(subject, Status.NOT_CHECKED, why)


def say_once(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out each problem that a stack file's finding reports too, with its line.

    That finding gets the remedy, which is more precise for a setting than for any line.
    """
    files = [
        each for each in findings if each.subject is Subject.STACK_FILES and each.status is Status.PROBLEM
    ]
    kept = list(findings)
    for each in findings:
        same = next((file for file in files if file.message.endswith(f": {each.message}")), None)
        if same and each.status is Status.PROBLEM:
            kept.remove(each)
            kept[kept.index(same)] = replace(same, remedy=each.remedy, command=each.command)
            files.remove(same)
    return kept


def steps(*lines: str) -> str:
    """Return a remedy of several steps, numbered, one a line."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
