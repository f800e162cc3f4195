"""Which versions of Pulumi this package works with; the tests hold them against pyproject.toml."""

import re

CLI = "3.274.1"
"""The oldest command, and the oldest language host, which comes with it."""

SDK = "3.272"
"""The oldest Python package `pulumi`."""

SDK_REQUIREMENT = f"pulumi>={SDK},<4"


def is_supported(version: str, oldest: str) -> bool:
    """Tell whether a version is of the same major version as the oldest that works, and not older."""
    have, want = _numbers(version), _numbers(oldest)
    return bool(have) and have[0] == want[0] and have >= want


def _numbers(version: str) -> list[int]:
    found = re.match(r"v?(\d+(?:\.\d+)*)", version.strip())
    return [int(number) for number in found[1].split(".")] if found else []
