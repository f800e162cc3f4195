import inspect
import subprocess
import sys
from pathlib import Path

import pulumi

import rootfi_pulumi
from rootfi_pulumi import IntegrationType
from tools.reference import OPTIONS

REPOSITORY = Path(__file__).parents[3]
PAGE = REPOSITORY / "docs" / "reference.md"


def test_reference_is_fresh() -> None:
    command = [sys.executable, str(REPOSITORY / "tools" / "reference.py")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert PAGE.read_text() == printed, "stale: run `make docs-reference`"


def test_reference_has_every_public_name_and_type() -> None:
    lines = PAGE.read_text().splitlines()
    # The section of FromEnv has its other form.
    sections = {f"## {name}" for name in rootfi_pulumi.__all__} - {"## FromEnvDict"}
    assert sections == {line for line in lines if line.startswith("## ")}
    assert [f"- `{each}`" for each in IntegrationType] == lines[-len(IntegrationType) :]


def test_reference_names_options_that_pulumi_has() -> None:
    assert set(OPTIONS) <= set(inspect.signature(pulumi.ResourceOptions).parameters)
