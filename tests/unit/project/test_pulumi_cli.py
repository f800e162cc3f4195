import os
import signal
from pathlib import Path

import pytest

from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.pulumi_cli import PulumiError


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `pulumi` that fails with an error of two lines; to be rewritten by a test."""
    path = tmp_path / "pulumi"
    path.write_text("#!/bin/sh\necho 'error: no  such\nstack' >&2; exit 255\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return path


def test_a_failure_is_one_line_with_the_command_and_pulumis_words(script: Path) -> None:
    with pytest.raises(PulumiError) as failed:
        pulumi_cli.run("stack", "export", "--stack", "dev")
    assert str(failed.value) == "pulumi stack export: no such stack"


def test_standard_input_reaches_it_and_it_asks_no_question(script: Path, tmp_path: Path) -> None:
    script.write_text('#!/bin/sh\npwd; echo "$@"; cat\n')
    shown = pulumi_cli.run("config", "set", folder=tmp_path, stdin="secret")
    assert shown == f"{tmp_path}\nconfig set --non-interactive --color=never\nsecret"


def test_a_pulumi_that_hangs_is_ended(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script.write_text("#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(pulumi_cli, "_PATIENCE", 0.1)
    process = pulumi_cli.start("whoami")
    with pytest.raises(PulumiError, match=r"pulumi whoami took longer than 0.1 s"):
        pulumi_cli.finish(process)
    assert process.returncode == -signal.SIGKILL


def test_a_missing_or_unusable_pulumi_is_reported(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script.write_bytes(b"\x7fELF")
    with pytest.raises(PulumiError, match="cannot be run"):
        pulumi_cli.run("version")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(PulumiError, match="`pulumi` is not on PATH"):
        pulumi_cli.run("version")
