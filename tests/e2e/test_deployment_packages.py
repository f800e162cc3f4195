"""What `make setup` installs is what a deployment runs, and no more."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.distribution.clone import clone
from tests.support.pulumi_project import REPOSITORY

pytestmark = pytest.mark.package

# `python -m venv` brings them.
OF_PYTHON = {"pip", "setuptools"}


def test_deployment_has_no_package_that_requirements_lack(packages: Path) -> None:
    pip = [
        str(packages / "bin" / "python"),
        "-m",
        "pip",
        "list",
        "--format",
        "json",
        "--disable-pip-version-check",
    ]
    listed = json.loads(subprocess.run(pip, check=True, stdout=subprocess.PIPE).stdout)
    locked = re.findall(r"^([a-z0-9.-]+)==", (REPOSITORY / "requirements.txt").read_text(), re.MULTILINE)
    installed = {re.sub(r"[-_.]+", "-", each["name"]).lower() for each in listed}
    assert "pulumi" in installed
    assert installed - OF_PYTHON <= set(locked)


def test_clone_has_the_command_that_messages_name(packages: Path, tmp_path: Path) -> None:
    stack = tmp_path / "Pulumi.dev.yaml"
    stack.write_text("config: {}\n")
    command = [str(packages / "bin" / "rootfi-pulumi"), "check", stack.name]
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 0


def test_demo_runs_with_the_packages_of_a_deployment(
    packages: Path, tmp_path: Path, environ: dict[str, str], emulator: Emulator
) -> None:
    clone(tmp_path / "clone", emulator.url, packages)
    del environ["PYTHONPATH"]
    demo = subprocess.run(
        ["make", "demo"], cwd=tmp_path / "clone", env=environ, capture_output=True, text=True, check=False
    )
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert demo.stdout.rstrip().endswith("the emulator has stopped and the temporary folder is gone")
