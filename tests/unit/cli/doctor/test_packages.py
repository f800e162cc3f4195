"""The project's Python, with a program that answers as an old one does."""

import sys
from pathlib import Path

import pytest

from rootfi_pulumi.cli.doctor.finding import Status, Subject
from rootfi_pulumi.cli.doctor.packages import check_packages
from rootfi_pulumi.project.project import Project

# Runs the check with the version that the test wants.
PYTHON = """#!{python}
import sys
_, _, _, script, modules = sys.argv  # after -B and -c
sys.version_info, sys.argv = ({version}, 0), ["-c", modules]
exec(script)
"""


def project(folder: Path, version: str) -> Project:
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON.format(python=sys.executable, version=version))
    python.chmod(0o755)
    options = "toolchain: pip\n    virtualenv: .venv"
    (folder / "Pulumi.yaml").write_text(f"name: x\nruntime:\n  name: python\n  options:\n    {options}\n")
    return Project.find(folder)


def test_old_python_is_named_with_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    python, package = check_packages(project(tmp_path, "3, 10"))
    assert (python.subject, python.status) == (Subject.PYTHON, Status.PROBLEM)
    assert python.message.endswith(".venv/bin/python is Python 3.10: rootfi-pulumi needs 3.11 or newer")
    assert python.command == "rm -rf .venv && pulumi install"
    assert package.status is Status.NOT_CHECKED


def test_oldest_supported_python_is_not_refused(tmp_path: Path) -> None:
    assert all(each.subject is not Subject.PYTHON for each in check_packages(project(tmp_path, "3, 11")))
