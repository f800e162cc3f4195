import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.pulumi_cli import PulumiError
from tests.support.pulumi_project import REPOSITORY
from tests.support.systems import POSIX

pytestmark = POSIX


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


def test_output_is_utf8_in_any_locale(script: Path) -> None:
    script.write_text("#!/bin/sh\nprintf '\\303\\251\\342\\202\\254'\n")
    code = "from rootfi_pulumi.project import pulumi_cli; print(ascii(pulumi_cli.run('about')))"
    of_windows = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    shown = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env=os.environ | of_windows,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert shown == "'\\xe9\\u20ac'\n"
