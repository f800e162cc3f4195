"""The fenced blocks of the documentation, each with its file and line."""

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from tests.support.pulumi_project import REPOSITORY

DOCUMENTS = sorted(
    [
        *(
            path
            for name in ("README.md", "CONTRIBUTING.md", "rootfi_pulumi/emulator/README.md")
            if (path := REPOSITORY / name).exists()
        ),
        *(REPOSITORY / "docs").glob("*.md"),
    ]
)


@dataclass(frozen=True)
class Block:
    """A block as it is written; `language` is empty for one that is indented or says none."""

    document: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"

    @property
    def first_line(self) -> str:
        return self.text.partition("\n")[0]

    @property
    def path(self) -> str | None:
        """The file that the block is the content of, which its first line then names: `# path`."""
        mark, _, path = self.first_line.partition(" ")
        named = self.language in {"yaml", "python"} and mark == "#"
        return path if named and re.fullmatch(r"[\w./-]+\.\w+", path) else None


def read(document: Path, root: Path = REPOSITORY) -> list[Block]:
    """Return the blocks of a document, which is named by its path from the root."""
    name = str(document.relative_to(root))
    return [
        Block(name, token.map[0] + 1, token.info.partition(" ")[0], token.content)
        for token in MarkdownIt("commonmark").parse(document.read_text())
        if token.type in {"fence", "code_block"} and token.map
    ]
