"""Writes the packages of requirements.txt as a software bill of materials (CycloneDX 1.5, by uv)."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.release import ReleaseError
from tools.release.commands import UV, run
from tools.release.commit import Commit

_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def write_sbom(commit: Commit, output: Path) -> None:
    """Write it to a file. It has the time of the commit and no serial number: the bytes are reproducible.

    Raises ReleaseError if requirements.txt is not what pyproject.toml asks for.
    """
    locked = locked_packages(commit.read("requirements.txt"))
    folder = commit.folder("sbom")
    # uv exports only a lock of its own, so it makes one with the versions of requirements.txt.
    project = folder / "pyproject.toml"
    project.write_text(_constrain(project.read_text(), locked))
    run(*UV, "lock", "--quiet", cwd=folder)
    form = ("--format", "cyclonedx1.5", "--all-extras", "--no-default-groups")
    document = json.loads(run(*UV, "export", "--quiet", *form, cwd=folder))
    if differing := locked ^ components(document):
        names = ", ".join(sorted({name for name, _ in differing}))
        raise ReleaseError(f"requirements.txt differs from pyproject.toml in {names}: run `make lock`")
    del document["serialNumber"]
    document["metadata"]["timestamp"] = datetime.fromtimestamp(int(commit.time()), UTC).isoformat()
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(document, indent=2) + "\n")


def _constrain(pyproject: str, locked: set[tuple[str, str]]) -> str:
    versions = json.dumps([f"{name}=={version}" for name, version in sorted(locked)])
    table = "[tool.uv]\n"
    if table not in pyproject:
        pyproject += f"\n{table}"
    return pyproject.replace(table, f"{table}constraint-dependencies = {versions}\n")


def locked_packages(requirements: str) -> set[tuple[str, str]]:
    """Return the name and version of each package in a lock."""
    return {(match[1], match[2]) for match in _LOCKED.finditer(requirements)}


def components(document: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the name and version of each package in a bill of materials."""
    return {(each["name"], each["version"]) for each in document["components"]}
