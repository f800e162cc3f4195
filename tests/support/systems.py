"""Marks for tests of what not every system has."""

import os
import sys

import pytest

LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="rests on /proc, abstract sockets or addresses as Linux has them"
)
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell, signals or file modes")
