import tomllib
from pathlib import Path

import pytest

from rootfi_pulumi.cli.doctor.versions import CLI, PYTHON, SDK_REQUIREMENT, is_supported

PYPROJECT = tomllib.loads((Path(__file__).parents[4] / "pyproject.toml").read_text())


def test_they_are_those_of_the_project() -> None:
    assert PYPROJECT["tool"]["pulumi"]["cli"] == CLI
    assert PYPROJECT["project"]["requires-python"] == f">={'.'.join(map(str, PYTHON))}"
    assert SDK_REQUIREMENT in PYPROJECT["project"]["dependencies"]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("v3.274.1", True),
        ("3.274.1", True),
        ("3.1000.0", True),
        ("3.275.0-alpha.1", True),
        ("3.274.0", False),
        ("3.99.9", False),
        ("4.0.0", False),
        ("v2.300.0", False),
        ("", False),
        ("unknown", False),
    ],
)
def test_the_same_major_version_and_not_older_suits(version: str, expected: bool) -> None:
    assert is_supported(version, "3.274.1") is expected
