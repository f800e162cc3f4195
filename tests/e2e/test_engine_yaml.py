"""What the package reads in a stack's file is what the real engine reads there.

docs/declare.md lists where the two differ on purpose; what is generated here leaves these out.
"""

import json
import subprocess
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from rootfi_pulumi.declaration.plain_secrets import is_encrypted
from rootfi_pulumi.declaration.stack_file import StackFile, value_of
from rootfi_pulumi.project.engine_yaml import UnreadableError
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import Project
from tests.support.stack_files.generation import stack_file
from tests.support.stack_files.scalars import scalar

pytestmark = pytest.mark.case

SCALARS = 125
FILES = 50
SEEDS = range(4)
SECRET = "a secret"
PROGRAM = """
import json
from pathlib import Path
from pulumi.runtime.config import get_config_env

Path("seen.json").write_text(json.dumps(get_config_env()))
"""
# How a file begins, and the lines for a scalar.
POSITIONS = {
    "member": ("config:\n  rootfi:integrations:\n", "    n{number}:\n      client_id: {scalar}\n"),
    "setting": ("config:\n", "  other:k{number}: {scalar}\n"),
    "list": ("config:\n  other:list:\n", "  - {scalar}\n"),
    "key": ("config:\n", "  other:m{number}:\n    {scalar}: x\n"),
    "foreign": ("", "n{number}: {scalar}\n"),
}


def by_engine(project: Project, text: str) -> dict[str, Any] | None:
    """Return each key's value as the engine reads it, JSON where it is no text; None if it refuses the file."""
    path = project.folder / "generated.yaml"
    path.write_bytes(text.encode())
    done = subprocess.run(
        ["pulumi", "config", "--json", "--stack", project.stack, "--config-file", path.name],
        cwd=project.folder,
        env=project.environ,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        return None
    found = json.loads(done.stdout)
    return {key: SECRET if each["secret"] else _value(each) for key, each in found.items()}


def _value(shown: Mapping[str, Any]) -> Any:
    # Next to `objectValue`, `value` is the text that a program gets.
    return json.loads(shown["value"]) if "objectValue" in shown else shown["value"]


def by_package(text: str) -> dict[str, Any] | None:
    """Return the same as the package reads it."""
    try:
        file = StackFile.parse(text, "rootfi")
    except UnreadableError:
        return None
    if file.repeated:
        return None
    return {key: _as_shown(value_of(key, member.node)) for key, member in file.members.items()}


def _as_shown(value: Any) -> Any:
    # Floats as JSON has them: a whole one is equal to what the engine wrote.
    return SECRET if _holds_secret(value) else json.loads(json.dumps(value))


def _holds_secret(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return is_encrypted(value) or any(map(_holds_secret, inner))


@pytest.fixture
def bare(project: Project) -> Project:
    project.write("")
    return project


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("position", POSITIONS)
def test_scalar_is_what_the_engine_reads(position: str, seed: int, bare: Project) -> None:
    random = Random(seed)
    scalars = [scalar(random) for _ in range(SCALARS)]
    if position == "key":
        # The engine loses what such a key has.
        scalars = [each for each in scalars if not each.lower().endswith(".nan")]
    wrong = [each for each in scalars if by_package(filled(position, each)) is None]
    # Those that are right all in one file.
    right = filled(position, *(each for each in scalars if each not in wrong))
    assert by_engine(bare, right) == by_package(right)
    accepted = [each for each in dict.fromkeys(wrong) if by_engine(bare, filled(position, each)) is not None]
    assert accepted == []


def filled(position: str, *scalars: str) -> str:
    head, lines = POSITIONS[position]
    return head + "".join(lines.format(number=number, scalar=each) for number, each in enumerate(scalars))


@pytest.mark.parametrize("seed", SEEDS)
def test_file_is_what_the_engine_reads(seed: int, bare: Project) -> None:
    random = Random(1000 + seed)
    differ = []
    for _ in range(FILES):
        text = stack_file(random)
        expected, found = by_engine(bare, text), by_package(text)
        if found != expected:
            differ.append((text, expected, found))
    assert differ == []


def test_program_gets_the_values_that_the_package_reads(project: Project) -> None:
    project.write(PROGRAM)
    random = Random(2000)
    right = [text for text in (scalar(random) for _ in range(4 * SCALARS)) if _is_right(text)]
    assert len(right) > SCALARS
    lines = "".join(f"  rootfi:k{number}: {{v: {text}}}\n" for number, text in enumerate(right))
    stack = project.folder / "stacks" / f"Pulumi.{project.stack}.yaml"
    text = stack.read_text().replace("config:\n", f"config:\n{lines}")
    stack.write_text(text)
    project.preview()
    seen = json.loads((project.folder / "seen.json").read_text())
    assert {key: _as_program(value) for key, value in seen.items()} == by_package(text)


def _is_right(text: str) -> bool:
    found = by_package(f"config:\n  rootfi:k: {{v: {text}}}\n")
    return found is not None and found["rootfi:k"] != SECRET


def _as_program(value: str) -> Any:
    return json.loads(value) if value.startswith("{") else value
