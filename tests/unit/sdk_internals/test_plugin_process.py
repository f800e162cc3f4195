"""In interpreters of their own: what is set holds for a whole process."""

import subprocess
import sys
from pathlib import Path

from tests.support.patience import PATIENCE

REPOSITORY = Path(__file__).parents[3]
LOOKS = """
import gc
from rootfi_pulumi.sdk_internals.plugin_process import settle

def look(phase, info):
    if phase == "start":
        looks.append(info)

settle()
looks = []
gc.callbacks.append(look)
"""


def looks(code: str) -> int:
    """How often Python looked for garbage while some code ran in a plugin."""
    command = [sys.executable, "-c", f"{LOOKS}{code}\nprint(len(looks))"]
    done = subprocess.run(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE
    )
    return int(done.stdout)


def test_a_plugin_does_not_look_for_garbage_while_it_loads() -> None:
    assert looks("import rootfi_pulumi.api.client, rootfi_pulumi.api.transport") == 0


def test_a_plugin_does_not_keep_garbage_for_ever() -> None:
    assert looks("for _ in range(300_000): (cycle := []).append(cycle)") > 1


def test_a_plugin_shows_no_way_through_the_code() -> None:
    command = [
        sys.executable,
        "-c",
        "from rootfi_pulumi.sdk_internals.plugin_process import settle; settle(); 1 / 0",
    ]
    done = subprocess.run(
        command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True, check=False, timeout=PATIENCE
    )
    assert done.stderr == "ZeroDivisionError: division by zero\n"


def test_who_only_imports_the_sdk_is_no_plugin() -> None:
    asked = "import pulumi.dynamic; from rootfi_pulumi.sdk_internals.plugin_process import is_plugin; print(is_plugin())"
    command = [sys.executable, "-c", asked]
    done = subprocess.run(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE
    )
    assert done.stdout == "False\n"
