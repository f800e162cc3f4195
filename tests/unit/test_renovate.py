"""Renovate's settings, by its schema, and that each of their patterns finds what it is for."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.pulumi_project import REPOSITORY

PATH = REPOSITORY / ".github" / "renovate.json"
SETTINGS = json.loads(PATH.read_text())


def test_settings_are_what_renovate_takes() -> None:
    check = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [check, "--builtin-schema", "vendor.renovate", PATH], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_renovate_finds_the_pinned_pulumi_cli() -> None:
    text = (REPOSITORY / "pyproject.toml").read_text()
    [manager] = SETTINGS["customManagers"]
    [pattern] = manager["matchStrings"]
    # JavaScript writes a named group without the P.
    found = [match["currentValue"] for match in re.finditer(pattern.replace("(?<", "(?P<"), text)]
    assert found == [tomllib.loads(text)["tool"]["pulumi"]["cli"]]
    assert f"{manager['packageNameTemplate']} v{found[0]}" in (REPOSITORY / "tools/pulumi/go.mod").read_text()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_renovate_finds_the_locks(name: str) -> None:
    [pattern] = SETTINGS["pip-compile"]["managerFilePatterns"]
    assert re.search(pattern.strip("/"), name)
    assert (REPOSITORY / name).exists()


def test_renovate_updates_all_of_pulumi_together() -> None:
    [group] = [rule for rule in SETTINGS["packageRules"] if rule.get("groupName") == "Pulumi"]
    [manager] = SETTINGS["customManagers"]
    assert group["matchPackageNames"] == [
        "pulumi",
        manager["packageNameTemplate"].partition("pkg/")[0] + "**",
    ]
