"""What a look at one thing found."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a thing is; `NOT_CHECKED` where something else must be put right first."""

    OK = "ok"
    PROBLEM = "problem"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Finding:
    """One thing: how it is and why, in one line without a credential.

    A problem has a `remedy`, in words; `command` is what to paste into a shell for it, where it is one.
    """

    subject: str
    status: Status
    message: str
    remedy: str = ""
    command: str = ""


def ok(subject: str, message: str) -> Finding:
    """Nothing is wrong with it."""
    return Finding(subject, Status.OK, message)


def problem(subject: str, message: str, remedy: str, command: str = "") -> Finding:
    """Something is wrong with it."""
    return Finding(subject, Status.PROBLEM, message, remedy, command)


def not_checked(subject: str, why: str) -> Finding:
    """Nobody could look."""
    return Finding(subject, Status.NOT_CHECKED, why)
