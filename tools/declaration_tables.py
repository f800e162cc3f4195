"""Write the tables of docs/declare.md from `declaration.members` and `declaration.settings`.

`python tools/declaration_tables.py` writes the page in place (`make docs-reference`).
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from rootfi_pulumi.declaration.members import MEMBERS, Member
from rootfi_pulumi.declaration.settings import OF_A_CALL, Setting

PAGE = Path(__file__).parents[1] / "docs" / "declare.md"
_BEGIN, _END = "<!-- {}: written by `make docs-reference` -->", "<!-- end of {} -->"


def write_tables(page: str) -> str:
    """Return the text of the page with its tables as they are now."""
    members = _table(("member", "value", "default", "a change"), map(_member, MEMBERS))
    header = ("config", "environment variable", "argument of `RootFiProvider`", "value", "default")
    return _replace(_replace(page, "members", members), "settings", _table(header, map(_setting, OF_A_CALL)))


def _member(member: Member) -> tuple[str, ...]:
    default = "required" if member.is_required else _default(member.default)
    return f"`{member.name}`", _marked(member.help), default, member.change.value


def _setting(setting: Setting) -> tuple[str, ...]:
    variable = f"`{setting.variable}`" if setting.variable else ""
    limits = f" {setting.least:g} to {setting.greatest:g}." if setting.least is not None else ""
    default = _default(setting.default) if setting.default != "" else "required"
    return f"`{setting.key}`", variable, f"`{setting.argument}`", _marked(setting.help) + limits, default


def _default(value: object) -> str:
    if value is None:
        return ""
    return f"`{value:g}`" if isinstance(value, float) else f"`{str(value).lower()}`"


def _marked(text: str) -> str:
    """Return a text with its braces as code."""
    return re.sub(r"(\{[^}]*\})", r"`\1`", text)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _replace(page: str, name: str, table: str) -> str:
    begin, end = _BEGIN.format(name), _END.format(name)
    pattern = re.compile(f"(?<={re.escape(begin)}\n).*?(?={re.escape(end)})", re.DOTALL)
    return pattern.sub(lambda _: f"\n{table}\n", page)


def main() -> None:
    """Write the page."""
    PAGE.write_text(write_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
