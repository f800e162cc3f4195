from pathlib import Path

import pytest

from rootfi_pulumi.diagnosis import tools
from rootfi_pulumi.diagnosis.finding import Status


@pytest.mark.parametrize("script", ["exit 0", "echo no port", "echo 1"])
def test_a_language_host_that_does_not_answer_is_not_checked(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pulumi", "pulumi-language-python"):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = tools.language_host(None)
    assert found.status is Status.NOT_CHECKED
    assert found.message == f"{tmp_path}/pulumi-language-python does not say its version"
