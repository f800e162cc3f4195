import pytest

from tools.release import ReleaseError
from tools.release.changelog import find_notes

CHANGELOG = """\
# Changelog

## Unreleased

- Not yet.

## 0.2.0 - 2026-12-24

### Fixed

- A mistake.

## 0.1.10 - 2026-12-02

- The tenth.

## 0.1.1 - 2026-12-01

- The first.
"""


@pytest.mark.parametrize(
    ("version", "notes"),
    [
        ("0.2.0", "### Fixed\n\n- A mistake."),
        ("0.1.10", "- The tenth."),
        ("0.1.1", "- The first."),
    ],
)
def test_notes_are_the_section_of_the_version(version: str, notes: str) -> None:
    assert find_notes(CHANGELOG, version) == notes


@pytest.mark.parametrize("version", ["0.3.0", "0.2", "Unreleased-2"])
def test_notes_of_an_unlisted_version_are_refused(version: str) -> None:
    with pytest.raises(ReleaseError, match=rf"no section for {version}: add `## {version} - YYYY-MM-DD`"):
        find_notes(CHANGELOG, version)


@pytest.mark.parametrize("heading", ["0.3.0", "0.3.0 - soon", "0.3.0 (2026-12-24)"])
def test_notes_without_a_date_are_refused(heading: str) -> None:
    with pytest.raises(ReleaseError, match=r"write `## 0\.3\.0 - YYYY-MM-DD`"):
        find_notes(f"{CHANGELOG}\n## {heading}\n\n- Another.\n", "0.3.0")


@pytest.mark.parametrize("date", ["2026-13-45", "2026-02-29", "0000-01-01", "٢٠٢٦-12-24", "20261224"])
def test_notes_of_a_date_that_does_not_exist_are_refused(date: str) -> None:
    with pytest.raises(
        ReleaseError, match=rf"has `## 0\.3\.0 - {date}`: write `## 0\.3\.0 - YYYY-MM-DD`, with a day"
    ):
        find_notes(f"{CHANGELOG}\n## 0.3.0 - {date}\n\n- Another.\n", "0.3.0")


def test_notes_without_changes_are_refused() -> None:
    with pytest.raises(ReleaseError, match=r"lists no changes for 0\.3\.0"):
        find_notes(
            "## Unreleased\n\n## 0.3.0 - 2026-12-24\n\n### Added\n\n## 0.2.0 - 2026-12-01\n\n- One.\n",
            "0.3.0",
        )
