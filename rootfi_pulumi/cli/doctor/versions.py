"""The versions of Pulumi that this package supports; a test compares them with pyproject.toml."""

import re

CLI = "3.274.1"
"""The oldest supported CLI, and the oldest language host, which comes with it."""

SDK = "3.272"
"""The oldest supported version of the Python package `pulumi`."""

PYTHON = (3, 11)
"""The oldest supported Python."""

SDK_REQUIREMENT = f"pulumi>={SDK},<4"


def is_supported(version: str, oldest: str) -> bool:
    """Return whether a version has the same major version as the oldest supported one, and is not older."""
    have, want = _numbers(version), _numbers(oldest)
    return bool(have) and have[0] == want[0] and have >= want


def needed(oldest: str) -> str:
    """Return what a message says about a version that is not supported."""
    return f"rootfi-pulumi needs {oldest} or newer, with the same major version"


def _numbers(version: str) -> list[int]:
    found = re.match(r"v?(\d+(?:\.\d+)*)", version.strip())
    return [int(number) for number in found[1].split(".")] if found else []
