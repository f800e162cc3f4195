"""What pyproject.toml says that it runs with; `make test-bounds` runs the tests with it."""

import subprocess
import sys
import tomllib

import pytest

from tests.support.distribution.installation import UV
from tests.support.pulumi_project import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
_PYTHON = "Programming Language :: Python :: 3."
CLAIMED = [f"3.{each.removeprefix(_PYTHON)}" for each in PROJECT["classifiers"] if each.startswith(_PYTHON)]
BOUNDS = [sys.executable, str(REPOSITORY / "tools" / "bounds.py")]


def test_the_oldest_claimed_python_is_the_oldest_that_can_install_it() -> None:
    assert PROJECT["requires-python"] == f">={CLAIMED[0]}"


@pytest.mark.package
def test_lowest_allowed_dependencies_resolve_on_each_python() -> None:
    command = [
        str(UV),
        "pip",
        "compile",
        "--quiet",
        "--all-extras",
        "--resolution",
        "lowest-direct",
        "--universal",
    ]
    done = subprocess.run(
        [*command, "--python-version", CLAIMED[0], "pyproject.toml"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lowest = PROJECT["dependencies"][0].partition(",")[0].replace(">=", "==")
    assert f"{lowest}.0" in done.stdout


def test_a_missing_python_is_reported_in_one_line() -> None:
    done = subprocess.run([*BOUNDS, "--python", "3.99"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
