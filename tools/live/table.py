"""Write the answers as a Markdown table."""

import json

from tools.live.emulate import is_playable
from tools.live.questions import Question
from tools.live.reading import Answer

_HEAD = ("Question", "Documented or assumed", "Seen", "What depends on it", "Setting of the emulator")


def render_markdown(rows: list[tuple[Question, Answer]]) -> str:
    """Return the table, with a row for each question and its answer."""
    lines = [_row(_HEAD), _row(("---",) * len(_HEAD))]
    for question, answer in rows:
        cells = (
            question.text,
            question.assumed,
            answer.seen,
            question.depends,
            describe_setting(question, answer),
        )
        lines.append(_row(cells))
    return "\n".join(lines)


def describe_setting(question: Question, answer: Answer) -> str:
    """Return the settings that play an answer, or the names of those that would."""
    names = ", ".join(f"`{name}`" for name in question.settings)
    if not answer.settings:
        return names
    if not is_playable(answer):
        return f"{names}: not playable"
    return ", ".join(f"`{name}: {json.dumps(value)}`" for name, value in answer.settings.items())


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
