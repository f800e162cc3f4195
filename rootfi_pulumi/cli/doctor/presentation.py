"""Shows doctor's findings to a person: what needs attention last, each remedy once.

A pipe gets one line for each finding, remedy and command. A terminal also gets colours, wrapped lines with a
hanging indent, and a last line with the count.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from rootfi_pulumi.cli.doctor.finding import Finding, Status
from rootfi_pulumi.console.hanging import hang

_ORDER = (Status.OK, Status.NOTE, Status.NOT_CHECKED, Status.PROBLEM)
_STYLES = {
    Status.OK: "green",
    Status.NOTE: "bold",
    Status.NOT_CHECKED: "bold magenta",
    Status.PROBLEM: "bold red",
}
_INDENT = " " * (max(map(len, Status)) + 2)


@dataclass
class Group:
    """Findings with the same status and remedy, and the commands that carry it out."""

    status: Status
    remedy: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def commands(self) -> list[str]:
        """The findings' commands, without repetitions."""
        return list(dict.fromkeys(each.command for each in self.findings if each.command))


def arrange(findings: Sequence[Finding]) -> list[Group]:
    """Return the findings in groups, the worst status last. Each status keeps the order of the checks."""
    groups: dict[object, Group] = {}
    for finding in sorted(findings, key=lambda each: _ORDER.index(each.status)):
        # Without a remedy there is nothing to share.
        key = (finding.status, finding.remedy) if finding.remedy else finding
        groups.setdefault(key, Group(finding.status, finding.remedy)).findings.append(finding)
    return list(groups.values())


def show(findings: Sequence[Finding], console: Console) -> None:
    """Print the findings."""
    width = console.width if console.is_terminal else None
    for group in arrange(findings):
        if console.is_terminal and group.status is Status.PROBLEM:
            _print(console, Text())
        for line in _lines(group, width):
            _print(console, line)
    if console.is_terminal:
        _print(console, Text())
        _print(console, summarise(findings))


def summarise(findings: Sequence[Finding]) -> Text:
    """Return the line with the count of each status, the worst first."""
    found = Counter(finding.status for finding in findings)
    counts = [_count(status, found[status]) for status in reversed(_ORDER) if found[status]]
    if any(finding.is_failure for finding in findings):
        worst = next(status for status in reversed(_ORDER) if found[status])
        return Text(", ".join(counts), style=_STYLES[worst])
    return Text(f"Ready for `pulumi up`: {', '.join(counts)}", style=_STYLES[Status.OK])


def _count(status: Status, number: int) -> str:
    plural = "s" if status in (Status.NOTE, Status.PROBLEM) and number > 1 else ""
    return f"{number} {status}{plural}"


def _lines(group: Group, width: int | None) -> Iterator[Text]:
    status = f"{group.status:<{len(_INDENT)}}"
    for finding in group.findings:
        message = f"{finding.subject}: {finding.message}"
        first, *rest = hang(message, width, first=status, rest=_INDENT)
        yield Text.assemble((first[: len(_INDENT)], _STYLES[group.status]), first[len(_INDENT) :])
        yield from map(Text, rest)
    remedy = f"{group.remedy}:" if group.remedy and group.commands else group.remedy
    for step in remedy.splitlines():
        number = step.partition(" ")[0] if "\n" in remedy else ""
        indent = _INDENT + " " * (len(number) + 1 if number else 0)
        yield from map(Text, hang(step, width, first=_INDENT, rest=indent))
    for command in group.commands:
        # Not wrapped, so that it can be copied.
        yield Text(f"{_INDENT}$ {command}", style="bold")


def _print(console: Console, line: Text) -> None:
    console.print(line, soft_wrap=True, highlight=False)
