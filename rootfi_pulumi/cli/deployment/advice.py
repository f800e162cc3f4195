"""Finds what to do after a failed step, in one line, by what Pulumi and this package printed."""

import re
import textwrap
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from rootfi_pulumi.api.printable import replace_unprintable
from rootfi_pulumi.cli.deployment.outcome import NO_SUCH_STACK, UNEXPECTED_CHANGES
from rootfi_pulumi.cli.missing_stack import advise_other_backend
from rootfi_pulumi.cli.report.states import OCCURRENCE, State
from rootfi_pulumi.project.project import Project, ProjectError
from rootfi_pulumi.provider.phrases import (
    DIFFERS,
    ENDS_AT_ONCE,
    ENGINE_NOT_FOUND,
    INTERRUPTED_RUN,
    MAY_EXIST,
    NOT_CREATED,
    NOT_DISABLED,
)

# Words of Pulumi's engine and CLI, with 3.274.1.
_ENGINE_LOCKED = "currently locked by"
_UPDATE_CANCELED, _PREVIEW_CANCELED = "update canceled", "preview canceled"

# Pulumi indents the errors of a resource, and colours them if it is asked to.
_ERROR_LINE = re.compile(r"\s*error: *(\S.*)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m|<\{%[a-z ]*%\}>")
_LONGEST_ERROR = 200

# The fixed part of the report's line for an unfinished create.
_UNFINISHED = OCCURRENCE.format(name="", state=State.UNFINISHED, where="").strip()

_CANCELED = "the run was canceled, and ended after the requests in flight: run this again"
# The exit code of a process that SIGKILL ended, which does not wait for requests.
_KILLED = 137

_REMEDIES = {
    ENGINE_NOT_FOUND: """
        before you run this again, look in RootFi for each integration that the log names""",
    ENDS_AT_ONCE: """
        the provider was killed during the creates that the log names, and the run ended. Run
        `pulumi cancel --stack {stack}`, then this again, which lists the steps""",
    _ENGINE_LOCKED: """
        another run holds the stack, or was killed. If none is in progress, run
        `pulumi cancel --stack {stack}`, then this again""",
    f"{NOT_CREATED}: {INTERRUPTED_RUN}": """
        an earlier run was killed while creating {names}, so RootFi may have it: follow the steps in the
        log""",
    MAY_EXIST: """
        RootFi may or may not have created {names}: follow the steps in the log""",
    NOT_DISABLED: """
        {names} was created, but not disabled: run this again""",
    DIFFERS: """
        {names} is adopted, but differs from the declaration: run this again to apply it""",
    _UNFINISHED: """
        RootFi may or may not have {names}, since a run was killed:
        `rootfi-pulumi doctor --stack {stack}` lists the steps""",
    **dict.fromkeys((_UPDATE_CANCELED, _PREVIEW_CANCELED), _CANCELED),
}
"""What to do after each message; if several were printed, the first in this order counts."""


def find_advice(stack: str, code: int, output: str, *, is_canceled: bool = False) -> str:
    """Return what to do after a step on a stack failed with this exit code and output, in one line.

    `is_canceled` says that this process passed a signal on to Pulumi.
    """
    if code == NO_SUCH_STACK:
        return f"the backend has no stack {stack}: {_find_missing(stack)}"
    for phrase, remedy in _REMEDIES.items():
        if phrase in output:
            return " ".join(remedy.format(stack=stack, names=_find_names(phrase, output)).split())
    if code == UNEXPECTED_CHANGES:
        return "RootFi and the declaration differ: deploy, or declare what RootFi has"
    if is_canceled and code != _KILLED:
        # Pulumi prints nothing if the signal comes before it handles signals, and otherwise it may print how
        # the program ended.
        return _CANCELED
    what = _first_error(output) or "see the log"
    return f"{what}; `rootfi-pulumi doctor --stack {stack}` finds what is missing"


def _find_missing(stack: str) -> str:
    try:
        advice = advise_other_backend(Project.find(Path.cwd()), stack)
    except ProjectError:
        advice = ""
    return advice or f"run `pulumi stack init {stack}` once, or correct the name"


def _first_error(output: str) -> str:
    """Return the first error that Pulumi printed, in one short line, or ""."""
    lines = _COLOUR.sub("", output).splitlines()
    found = next(
        ((number, each[1]) for number, line in enumerate(lines) if (each := _ERROR_LINE.match(line))), None
    )
    if not found:
        return ""
    number, error = found
    if error.endswith(":"):
        error += f" {_first_detail(lines[number + 1 :])}"
    # Cut between words: a forge does not recognise, and so does not mask, a part of a secret.
    line = textwrap.shorten(
        error, _LONGEST_ERROR, placeholder=" …", break_on_hyphens=False, break_long_words=False
    )
    line = replace_unprintable(line).rstrip(".:")
    # Without the other backtick, what follows would be code.
    return f"{line}`" if line.count("`") % 2 else line


def _first_detail(following: Sequence[str]) -> str:
    """Return the line that explains an error: the first below it, or the exception below a traceback."""
    block = list(takewhile(str.strip, following))
    if block and block[0].startswith("Traceback "):
        block = [line for line in block[1:] if not line.startswith(" ")]
    return block[0] if block else ""


def _find_names(phrase: str, output: str) -> str:
    """Return the names before a phrase: `xero: RootFi may …`, `xero is unfinished …`."""
    found = dict.fromkeys(re.findall(rf"(?<!\S)([^\s:]+):? {re.escape(phrase)}", output))
    return " and ".join(found) or "it"
