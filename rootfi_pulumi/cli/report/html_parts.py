"""The parts that all sections of the HTML report use: states, commands and changes at RootFi."""

import re
from collections.abc import Sequence

from rootfi_pulumi.cli.report.drift import GONE, Drift
from rootfi_pulumi.cli.report.markup import Markup, join, tag
from rootfi_pulumi.cli.report.matrix import Matrix
from rootfi_pulumi.cli.report.states import SYMBOL, State
from rootfi_pulumi.cli.report.wording import name_change

_COPY = Markup('<button type="button" class="copy" hidden>Copy</button>')
_MOST_ROOMY = 6
_CHANGED = "changed at RootFi"


def is_dense(matrix: Matrix) -> bool:
    """Return whether the table has more columns than fit on a screen or a sheet with their details."""
    return len(matrix.columns) > _MOST_ROOMY


def render_mark(state: State) -> Markup:
    """Return the state's symbol. Screen readers skip it, so its word must follow."""
    return tag("span", SYMBOL[state], class_=f"mark {state}", aria_hidden="true")


def render_state(state: State) -> Markup:
    """Return the state's symbol and word."""
    return tag("span", render_mark(state), f" {state}", class_=f"state {state}")


def render_code(text: str) -> Markup:
    """Return the text with code in place of backticks."""
    parts = re.split(r"`(.*?)`", text)
    return join(*(tag("code", part) if number % 2 else part for number, part in enumerate(parts)))


def render_command(command: str) -> Markup:
    """Return a command to paste, with a button that copies it; without scripts the button stays hidden."""
    return tag("span", tag("code", command), " ", _COPY, class_="command")


def render_drift(drift: Drift) -> Markup:
    """Return what changed, and from which value to which unless it is secret."""
    known = name_change(drift)
    if known == GONE:
        return tag("strong", _capitalised(known))
    return join(tag("strong", _capitalised(known or _CHANGED)), ": ", tag("code", str(drift)))


def summarise_drift(drifted: Sequence[Drift]) -> str:
    """Return what changed in a few words, such as `switched off at RootFi`, or empty."""
    known = [change for each in drifted if (change := name_change(each))]
    others = [each.member for each in drifted if not name_change(each)]
    return ", ".join([*known, *([f"{', '.join(others)} {_CHANGED}"] if others else [])])


def count(number: int, thing: str) -> str:
    """Return the number and the thing: `1 environment`, `2 environments`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _capitalised(text: str) -> str:
    return text[0].upper() + text[1:]
