"""Check that no test's name is too long to read at a glance: print file, line and length of each that is."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST = 72
TESTS = Path(__file__).parents[1] / "tests"


def too_long(folder: Path) -> Iterator[str]:
    """Yield a line for each test whose name is longer than `LONGEST`."""
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_too_long(node.name):
                place = f"{path.relative_to(folder.parent)}:{node.lineno}"
                yield f"{place}: {node.name} has {len(node.name)} characters; {LONGEST} is the limit"


def is_too_long(name: str) -> bool:
    """Return whether this is a test's name and above the limit."""
    return name.startswith("test_") and len(name) > LONGEST


if __name__ == "__main__":
    found = list(too_long(TESTS))
    print("\n".join(found), end="\n" * bool(found))
    sys.exit(bool(found))
