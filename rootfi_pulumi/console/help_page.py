"""Renders the help of a command, the same in a pipe and on a terminal, where headings and names are bold."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rootfi_pulumi.console.hanging import hang

# Longer lines are hard to read.
_WIDEST = 100
# A longer name has its description below it.
_LONGEST_NAME = 26
_BOLD, _END = "\x1b[1m", "\x1b[0m"


@dataclass(frozen=True)
class Entry:
    """A command, argument or option, such as `--stack NAME`, and its description."""

    name: str
    description: str


@dataclass(frozen=True)
class HelpPage:
    """The help of one command.

    `text` and `end` are paragraphs with blank lines between them. A paragraph with an indented line is not
    wrapped: it has examples, a line each, possibly below a heading.
    """

    usage: str
    text: str
    sections: Sequence[tuple[str, Sequence[Entry]]] = ()
    end: str = ""

    def render(self, width: int, *, styled: bool = False) -> str:
        """Return the page, without a newline at its end."""
        width = min(width, _WIDEST)
        blocks = [
            f"{_bold('Usage:', styled)} {self.usage}",
            *_blocks(self.text, width, styled),
            *(_section(title, entries, width, styled) for title, entries in self.sections if entries),
            *_blocks(self.end, width, styled),
        ]
        return "\n\n".join(blocks)


def _blocks(text: str, width: int, styled: bool) -> Iterator[str]:
    """Yield each paragraph. Paragraphs of examples that follow one another are one."""
    examples: list[str] = []
    for paragraph in text.strip("\n").split("\n\n") if text else ():
        if paragraph.startswith(" "):
            examples.append(textwrap.indent(textwrap.dedent(paragraph), "  "))
            continue
        yield from _joined(examples)
        examples.clear()
        if "\n " in paragraph:
            heading, _, lines = paragraph.partition("\n")
            yield f"{_bold(heading, styled)}\n{textwrap.indent(textwrap.dedent(lines), '  ')}"
        else:
            yield "\n".join(hang(paragraph, width))
    yield from _joined(examples)


def _joined(examples: Iterable[str]) -> Iterator[str]:
    if block := "\n".join(examples):
        yield block


def _section(title: str, entries: Sequence[Entry], width: int, styled: bool) -> str:
    names = [len(entry.name) for entry in entries if len(entry.name) <= _LONGEST_NAME]
    indent = " " * (max(names, default=_LONGEST_NAME) + 4)
    lines = [_bold(f"{title}:", styled)]
    for entry in entries:
        name = _bold(entry.name, styled)
        first, *others = hang(entry.description, width, first=indent, rest=indent)
        if len(entry.name) > _LONGEST_NAME:
            lines += [f"  {name}", first]
        else:
            lines.append(f"  {name}{first[2 + len(entry.name) :]}".rstrip())
        lines += others
    return "\n".join(lines)


def _bold(text: str, styled: bool) -> str:
    # No colour: there is none that reads well on every background.
    return f"{_BOLD}{text}{_END}" if styled else text
