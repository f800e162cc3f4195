"""What is said on a system that lacks what a protection rests on."""

import os
import shutil
import sys

import pulumi
import pytest

from rootfi_pulumi.program.protections import (
    HOOKS,
    LACKS,
    NOT_NOTED,
    TOGETHER,
    missing_protections,
    warn_of_missing_protections,
)
from tests.support.pulumi_project import REPOSITORY

PAGE = " ".join((REPOSITORY / "docs" / "platforms.md").read_text().split())


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lines.append)
    return lines


def use_system(
    monkeypatch: pytest.MonkeyPatch, platform: str, *, has_proc: bool = False, has_lsof: bool = False
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(os, "access", lambda *_: has_proc)
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/lsof" if has_lsof else None)


def test_linux_with_proc_lacks_nothing(monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    use_system(monkeypatch, "linux", has_proc=True)
    warn_of_missing_protections()
    assert said == []


@pytest.mark.parametrize(
    ("platform", "has_lsof", "cases"),
    [
        ("linux", True, [TOGETHER]),
        ("linux", False, [TOGETHER, NOT_NOTED]),
        ("darwin", True, [HOOKS, TOGETHER]),
        ("win32", False, [HOOKS, TOGETHER, NOT_NOTED]),
    ],
)
def test_system_without_proc_lacks_what_rests_on_it(
    platform: str, has_lsof: bool, cases: list[str], monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    use_system(monkeypatch, platform, has_lsof=has_lsof)
    assert missing_protections() == cases
    warn_of_missing_protections()
    [line] = said
    assert all(case in line for case in cases)


@pytest.mark.parametrize("phrase", [LACKS, HOOKS, TOGETHER, NOT_NOTED])
def test_platforms_page_explains_each_phrase(phrase: str) -> None:
    assert phrase in PAGE
