"""Finds the section of a version in CHANGELOG.md."""

import re
from datetime import date

from tools.release import ReleaseError

_SECTION = re.compile(r"^## ", re.MULTILINE)


def find_notes(changelog: str, version: str) -> str:
    """Return the text of a version's section, without its heading.

    Raises ReleaseError if there is no such section, or one without a date or text.
    """
    for section in _SECTION.split(changelog)[1:]:
        heading, _, text = section.partition("\n")
        if heading.split(" ")[0] == version:
            break
    else:
        raise ReleaseError(
            f"CHANGELOG.md has no section for {version}: "
            f"add `## {version} - YYYY-MM-DD` below `## Unreleased`"
        )
    if not _is_date(heading.removeprefix(f"{version} - ")):
        raise ReleaseError(
            f"CHANGELOG.md has `## {heading}`: write `## {version} - YYYY-MM-DD`, with a day of the calendar"
        )
    if not re.search(r"^- \S", text, re.MULTILINE):
        raise ReleaseError(
            f"CHANGELOG.md lists no changes for {version}: move them there from `## Unreleased`"
        )
    return text.strip()


def _is_date(text: str) -> bool:
    try:
        # The parser also accepts other forms, such as 20261224.
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
