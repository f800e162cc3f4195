"""`make bench` in its quickest mode; what it measures is not judged."""

import subprocess
import sys

import pytest

from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY

pytestmark = pytest.mark.long


def test_the_bench_measures_an_up_and_the_floors() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.run", "--quick", "--only", "new"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=5 * PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    for row in ("up of 1 new: empty program", "up of 1 new: declared against no-ops", "refresh of 1"):
        assert row in done.stdout
