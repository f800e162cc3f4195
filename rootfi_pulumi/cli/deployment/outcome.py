"""What a step did to a stack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Exit codes of Pulumi's. See https://www.pulumi.com/docs/iac/cli/exit-codes/
NO_SUCH_STACK, UNEXPECTED_CHANGES = 6, 7


class Result(StrEnum):
    """How a stack's step ended."""

    DONE = "done"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Changed:
    """An integration that a step changed, or that a deploy would change.

    `operation` is Pulumi's word: create, update, replace, delete. `members` are those that an update changes.
    """

    name: str
    operation: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """How many resources of all kinds had each of Pulumi's operations, and the integrations among them."""

    counts: Mapping[str, int] = field(default_factory=dict)
    integrations: tuple[Changed, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a step did to a stack. `changes` is None if it is unknown; a failure has `advice` in one line.

    `warning` is in one line too. `is_interrupted` says that it failed after a signal.
    """

    stack: str
    result: Result
    exit_code: int | None = None
    seconds: float | None = None
    changes: Changes | None = None
    advice: str = ""
    is_interrupted: bool = False
    warning: str = ""
