"""What a look at one thing found."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a thing is: `NOTE` if it keeps no run of the stack from starting, `NOT_CHECKED` if it may."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Finding:
    """One thing: how it is and why, in one line without a credential.

    A problem has a `remedy`, in words, and a note may; `command` is what to paste into a shell for it.
    """

    subject: str
    status: Status
    message: str
    remedy: str = ""
    command: str = ""

    @property
    def is_failure(self) -> bool:
        """Return whether it is unknown that `pulumi up` can start, or known that it should not."""
        return self.status in (Status.PROBLEM, Status.NOT_CHECKED)


def ok(subject: str, message: str) -> Finding:
    """Nothing is wrong with it."""
    return Finding(subject, Status.OK, message)


def note(subject: str, message: str, remedy: str = "", command: str = "") -> Finding:
    """Return what is worth knowing and does not concern this stack's next run."""
    return Finding(subject, Status.NOTE, message, remedy, command)


def problem(subject: str, message: str, remedy: str, command: str = "") -> Finding:
    """Something is wrong with it."""
    return Finding(subject, Status.PROBLEM, message, remedy, command)


def not_checked(subject: str, why: str) -> Finding:
    """Return that something which a run needs could not be looked at."""
    return Finding(subject, Status.NOT_CHECKED, why)
