import os
import subprocess

import pulumi
import pytest

from rootfi_pulumi.program import stack_state
from rootfi_pulumi.program.stack_state import StackState
from tests.support.systems import POSIX
from tests.support.traces import NOTHING

pytestmark = POSIX


def test_first_reading_begins_where_priorities_cannot_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "setpriority")
    monkeypatch.setattr(pulumi.runtime, "get_root_directory", lambda: "/")
    monkeypatch.setattr(stack_state, "finish_export", lambda *_: NOTHING)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, text=True) as export:
        monkeypatch.setattr(stack_state, "start_export", lambda *_: export)
        assert StackState(reads_at_once=True).at_start() is NOTHING
        export.kill()
