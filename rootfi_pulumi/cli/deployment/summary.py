"""Sums up a step's outcomes: as lines of text, as Markdown and as JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rootfi_pulumi.cli.deployment.outcome import UNEXPECTED_CHANGES, Changes, Outcome, Result
from rootfi_pulumi.cli.deployment.step import DRIFT, Step
from rootfi_pulumi.cli.markdown_text import as_code, escape_markdown, escape_prose

_DONE = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
    "same": "unchanged",
}
_TO_DO = {
    "create": "to create",
    "update": "to update",
    "replace": "to replace",
    "delete": "to delete",
    "same": "unchanged",
}
_MOST_LISTED = 20


def describe(step: Step, outcome: Outcome) -> str:
    """Return an outcome in one line."""
    line = f"{step.name} of {outcome.stack}: {outcome.result}"
    if outcome.seconds is not None:
        line += f" in {_seconds(outcome)}"
    counts = _found(step, outcome)
    return f"{line}: {counts}" if counts else line


def render_markdown(step: Step, outcomes: Sequence[Outcome]) -> str:
    """Return a heading, a table of the stacks, the advice, the warnings and the changed integrations."""
    blocks = [
        f"### {step.name}",
        "\n".join(_rows(step, outcomes)),
        *(f"{as_code(each.stack)}: {escape_prose(each.advice)}" for each in outcomes if each.advice),
        *(f"{as_code(each.stack)}: {escape_prose(each.warning)}" for each in outcomes if each.warning),
        *("\n".join(_changed(step, each)) for each in outcomes if each.changes),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n\n"


def render_json(step: Step, outcomes: Sequence[Outcome]) -> str:
    """Return an object {step, stacks}, followed by a line feed. Members may be added, but none changes."""
    document = {"step": step.name, "stacks": [_as_json(each) for each in outcomes]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _as_json(outcome: Outcome) -> dict[str, Any]:
    changes = outcome.changes
    return {
        "stack": outcome.stack,
        "result": outcome.result,
        "exit_code": outcome.exit_code,
        "seconds": outcome.seconds,
        "changes": dict(changes.counts) if changes else None,
        "integrations": [asdict(each) for each in changes.integrations] if changes else None,
        "advice": outcome.advice,
    }


def _rows(step: Step, outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "| stack | result | resources | time |"
    yield "|---|---|---|---|"
    for each in outcomes:
        result = f"**{each.result}**" if each.result is Result.FAILED else each.result
        yield f"| {as_code(each.stack)} | {result} | {_found(step, each)} | {_seconds(each)} |"


def _changed(step: Step, outcome: Outcome) -> Iterator[str]:
    changed = outcome.changes.integrations if outcome.changes else ()
    for each in changed[:_MOST_LISTED]:
        members = f": {', '.join(map(escape_markdown, each.members))}" if each.members else ""
        word = escape_markdown(_words(step).get(each.operation, each.operation))
        yield f"- {as_code(f'{outcome.stack}: {each.name}')} {word}{members}"
    if len(changed) > _MOST_LISTED:
        yield f"- and {len(changed) - _MOST_LISTED} more"


def _found(step: Step, outcome: Outcome) -> str:
    """Return what a step did or found; "" if it failed, since then its counts are not the whole."""
    if outcome.result is Result.FAILED and outcome.exit_code != UNEXPECTED_CHANGES:
        return ""
    if outcome.result is Result.DONE and outcome.changes and step == DRIFT:
        return "no drift"
    return _counts(step, outcome.changes)


def _counts(step: Step, changes: Changes | None) -> str:
    words = _words(step)
    counts = changes.counts if changes else {}
    known = [(number, words[name]) for name in words if (number := counts.get(name))]
    others = [(number, name) for name, number in counts.items() if name not in words and number]
    return ", ".join(f"{number} {word}" for number, word in known + others)


def _words(step: Step) -> dict[str, str]:
    return _DONE if step.is_change else _TO_DO


def _seconds(outcome: Outcome) -> str:
    return "" if outcome.seconds is None else f"{outcome.seconds:.1f} s"
