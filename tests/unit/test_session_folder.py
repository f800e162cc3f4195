"""What the processes of one run of the tests share does not change what the tests see."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rootfi_pulumi.cli.doctor.interpreters import Runtime, Toolchain
from rootfi_pulumi.project.project import Project
from tests.support.session_folder import made_once


@pytest.mark.parametrize("name", ["poetry", "uv"])
def test_shared_folder_does_not_choose_a_toolchain(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    factory: Any = SimpleNamespace(getbasetemp=lambda: tmp_path)
    made_once(factory, name, lambda _: None)
    (tmp_path / "test").mkdir()
    project = Project(tmp_path / "test" / "Pulumi.yaml", {"name": "any", "runtime": "python"})
    assert Runtime.of(project).resolved_toolchain is Toolchain.PIP
