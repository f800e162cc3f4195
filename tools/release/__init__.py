"""Checks and builds a release: `make release-check`, which the workflow `release` runs as well.

See `python -m tools.release --help`; CONTRIBUTING.md lists the steps of a release.
"""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


class ReleaseError(Exception):
    """A check failed. `str()` is the message: what is wrong, and what to do."""
