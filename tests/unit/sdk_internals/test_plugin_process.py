"""In interpreters of their own: what is set applies to a whole process."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rootfi_pulumi.sdk_internals.plugin_process import is_plugin
from tests.support.patience import PATIENCE

REPOSITORY = Path(__file__).parents[3]
HIDING = "from rootfi_pulumi.sdk_internals.plugin_process import hide_tracebacks; hide_tracebacks(); 1 / 0"
ASKING = "import pulumi.dynamic; from rootfi_pulumi.sdk_internals.plugin_process import is_plugin; print(is_plugin())"


def run(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def test_plugin_hides_traceback() -> None:
    assert run(HIDING).stderr == "ZeroDivisionError: division by zero\n"


def test_program_that_imports_the_sdk_is_no_plugin() -> None:
    assert run(ASKING).stdout == "False\n"


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        (SimpleNamespace(__spec__=SimpleNamespace(name="pulumi.dynamic.__main__")), True),
        (SimpleNamespace(__spec__=SimpleNamespace(name="pulumi.dynamic.server")), False),
        (SimpleNamespace(__spec__=SimpleNamespace()), False),
        (SimpleNamespace(__spec__=None), False),
        (SimpleNamespace(), False),
    ],
)
def test_plugin_is_known_by_its_module(main: Any, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "__main__", main)
    assert is_plugin() == expected
