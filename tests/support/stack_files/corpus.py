"""Stack files in the shapes that people have them in, in tests/corpus/, and what is expected of each.

All are made up. What they hold in place of a secret has `Made-Up` in it, so that no message may have that.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rootfi_pulumi.project.project import Project
from tests.support.pulumi_project import REPOSITORY

CORPUS = REPOSITORY / "tests" / "corpus"
SECRET = "Made-Up"


@dataclass(frozen=True)
class Case:
    """A stack's file, by its path in the corpus, and what is expected of it.

    `check` has the beginnings of its findings, `report` the states of its integrations or the beginning of
    what is said of the stack, `capture` the beginning of the refusal, or None if an entry can be added.
    """

    name: str
    check: list[str]
    report: dict[str, Any]
    capture: str | None
    pulumi: str

    @property
    def path(self) -> Path:
        return CORPUS / self.name

    @property
    def project(self) -> Project:
        return Project.find(self.path.parent)

    @property
    def stack(self) -> str:
        return self.path.name.removeprefix("Pulumi.").removesuffix(self.path.suffix)


def _cases() -> Iterator[Case]:
    for name, expected in yaml.safe_load((CORPUS / "expected.yaml").read_text()).items():
        yield Case(
            name,
            expected.get("check", []),
            expected["report"],
            expected.get("capture"),
            expected.get("pulumi", "accepts"),
        )


CASES = list(_cases())
PROJECTS = sorted({case.project.folder.relative_to(CORPUS).as_posix() for case in CASES})


def cases_of(project: str) -> list[Case]:
    return [case for case in CASES if case.project.folder == CORPUS / project]


def without_stacks(project: str, folder: Path) -> Path:
    """Copy a project of the corpus, but not its stacks' files, into a new folder; return that."""
    settings = cases_of(project)[0].project.path
    copy = folder / "project"
    copy.mkdir()
    shutil.copy(settings, copy)
    return copy


def with_stacks(project: str, folder: Path) -> Path:
    """Copy a project of the corpus into a new folder; return that."""
    return Path(shutil.copytree(CORPUS / project, folder / "project", dirs_exist_ok=True))
