"""Find words that make the documentation, messages, docstrings and comments hard to read.

`python tools/words.py README.md docs rootfi_pulumi` reads files, and folders with what is in them:

- Markdown: everything but code.
- Python: docstrings, other strings with a space in them, and comments. Text in backticks is code.
- YAML, TOML, the Makefile and scripts: comments.

It prints `file:line`, the word and what to write instead, and exits with 1 if it found one.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from markdown_it import MarkdownIt

INSTEAD = {
    r"tell|tells|telling|told": "say, show, report or ask",
    # "`…` stands for whatever is there" is the word's own meaning.
    r"(?:stand|stands|stood)(?!\s+for\b)": "is, or: is written, is listed, is in",
    r"anew": "again, or: new",
    r"aright": "correctly",
    r"mend|mends|mending|mended": "fix, correct or repair",
    r"beside": "next to, besides, as well as, or: while",
    r"whichever\s+hand|other\s+hands": "someone else, or: outside Pulumi",
    r"(?<!there )(?:is|are|was|were)\s+(?-i:none)": "there is no, is not, or: is missing",
    r"so\s+many": "the number, or: that many",
    r"(?:nobody|somebody)\s+(?:knows|knew)": "is unknown, or name who knows",
    r"what\s+(?:becomes|became|become)\s+of": "the outcome of, what happens to",
    r"by\s+itself\s+alone": "alone, or: on its own",
    r"the\s+same\s+at\s+once": "concurrently, or: the same",
    r"hold\s+that": "test that",
}
"""What to write instead of each word or phrase. Only whole words match: not `stand-in`, not `standard`."""

_PATTERNS = {re.compile(rf"(?<![\w-])(?:{word})(?![\w-])", re.IGNORECASE): word for word in INSTEAD}
_CODE = re.compile(r"(`+)[^`]+\1")
_INSERTED = re.compile(r"\{(?:[^{}\"']*|[^{}\s]*)\}")  # in an f-string: code without prose in it
_JOINT = re.compile(r"""["']\s*\n\s*[rbfRBF]{0,2}["']""")
_ESCAPE = re.compile(r"\\[nrt]")
_HASH_COMMENT = re.compile(r"(?:^|(?<=\s))#+ (.*)")
_READ_IN_FOLDERS = {".md", ".py", ".yml"}


@dataclass(frozen=True)
class Passage:
    """Text that is read as a whole, so that a phrase is found across a line break, and its first line."""

    line: int
    text: str


@dataclass(frozen=True, order=True)
class Finding:
    """A word to replace."""

    path: str
    line: int
    word: str
    instead: str

    def __str__(self) -> str:
        return f'{self.path}:{self.line}: replace "{self.word}": {self.instead}'


def main(arguments: list[str]) -> int:
    """Print what is found below the paths; return the exit code."""
    findings = sorted({found for path in files(map(Path, arguments)) for found in findings_in(path)})
    for found in findings:
        print(found)
    return bool(findings)


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield each file, and for a folder the Markdown, Python and workflows in it."""
    for path in paths:
        if path.is_dir():
            yield from (each for each in path.rglob("*") if each.suffix in _READ_IN_FOLDERS)
        else:
            yield path


def findings_in(path: Path) -> Iterator[Finding]:
    """Yield the words to replace in a file."""
    for passage in passages(path.suffix, path.read_text()):
        text = _CODE.sub(_blank, passage.text)
        for pattern, word in _PATTERNS.items():
            for match in pattern.finditer(text):
                line = passage.line + text.count("\n", 0, match.start())
                yield Finding(str(path), line, " ".join(match[0].split()), INSTEAD[word])


def passages(suffix: str, text: str) -> list[Passage]:
    """Return what a person reads in a file whose name ends with `suffix`."""
    if suffix == ".md":
        return list(_markdown(text))
    if suffix == ".py":
        return [*_strings(text), *_comments(text)]
    return _joined(
        (number, found[1]) for number, line in _numbered(text) if (found := _HASH_COMMENT.search(line))
    )


def _markdown(text: str) -> Iterator[Passage]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "inline" and token.map:
            parts = (_shown(child.type, child.content) for child in token.children or [])
            yield Passage(token.map[0] + 1, "".join(parts))


def _shown(kind: str, content: str) -> str:
    if kind in {"softbreak", "hardbreak"}:
        return "\n"
    return content if kind in {"text", "image"} else "…" if kind == "code_inline" else ""


def _strings(source: str) -> Iterator[Passage]:
    """Yield strings as they are written, line by line, and strings that follow each other as one."""
    inside: set[ast.AST] = set()
    for node in ast.walk(ast.parse(source)):  # a parent comes before its children
        if node in inside or not _is_string(node):
            continue
        inside.update(ast.walk(node))
        written = ast.get_source_segment(source, node) or ""
        if isinstance(node, ast.JoinedStr):
            written = _INSERTED.sub(_blank, written)
        yield Passage(node.lineno, _ESCAPE.sub(" ", _JOINT.sub(_blank, written)))


def _is_string(node: ast.AST) -> TypeGuard[ast.Constant | ast.JoinedStr]:
    """Return whether the node is a string that may be prose: one with white space in it."""
    is_prose = isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"\s", node.value)
    return bool(is_prose) or isinstance(node, ast.JoinedStr)


def _blank(match: re.Match[str]) -> str:
    """Return what replaces code: its line breaks, so that lines are still counted."""
    return "\n" * match[0].count("\n") or "…"


def _comments(source: str) -> list[Passage]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return _joined((t.start[0], t.string.lstrip("#")) for t in tokens if t.type == tokenize.COMMENT)


def _joined(lines: Iterable[tuple[int, str]]) -> list[Passage]:
    """Join lines that follow each other."""
    found: list[Passage] = []
    for number, text in lines:
        if found and number == found[-1].line + found[-1].text.count("\n") + 1:
            found[-1] = Passage(found[-1].line, f"{found[-1].text}\n{text}")
        else:
            found.append(Passage(number, text))
    return found


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.splitlines(), start=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
