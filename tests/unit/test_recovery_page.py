"""Each message that asks for something is found in docs/recovery.md, by the words it is made with."""

import re

import pytest

from rootfi_pulumi.project.earlier_runs import StateUnreadableError
from rootfi_pulumi.provider import phrases
from tests.support.pulumi_project import REPOSITORY

PHRASES = {name: phrase for name, phrase in vars(phrases).items() if name.isupper()}
PAGE = " ".join((REPOSITORY / "docs" / "recovery.md").read_text().split())
SOURCES = [
    path.read_text()
    for folder in ("program", "provider")
    for path in (REPOSITORY / "rootfi_pulumi" / folder).glob("*.py")
    if path.name != "phrases.py"
]


@pytest.mark.parametrize("name", PHRASES)
def test_recovery_page_explains_each_phrase(name: str) -> None:
    assert PHRASES[name] in PAGE


@pytest.mark.parametrize("name", PHRASES)
def test_phrase_is_in_a_message(name: str) -> None:
    used = re.compile(rf"\{{[^}}]*\b{name}\b")
    assert any(used.search(source) for source in SOURCES)


def test_recovery_page_explains_an_unreadable_state() -> None:
    said = str(StateUnreadableError("why")).partition(", and ")[2].removesuffix(": why")
    assert f"`{said}`" in PAGE


def test_recovery_page_has_a_heading_for_each_refused_create() -> None:
    refused = f"## `xero: {phrases.NOT_CREATED}: "
    for phrase in (
        phrases.INTERRUPTED_RUN,
        phrases.PROGRAM_ENDED,
        f"{phrases.CANNOT_ADOPT} 1234",
        "integration 1234",
    ):
        assert refused + phrase in PAGE
