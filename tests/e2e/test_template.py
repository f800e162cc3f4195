"""A new project from this repository: `pulumi new` asks for the key, and what it installed runs."""

import json
import shutil
from pathlib import Path
from typing import Any

import pexpect
import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY, Project

pytestmark = pytest.mark.package

NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REPOSITORY, tmp_path / "template", ignore=NOT_COPIED))


# What a terminal may be asked at any time, its background colour and where its cursor is, and its answers.
TERMINAL = {r"\x1b\]11;\?\x1b\\": "\x1b]11;rgb:0000/0000/0000\x1b\\", r"\x1b\[6n": "\x1b[1;1R"}


def expect(terminal: "pexpect.spawn[str]", awaited: str | type[pexpect.EOF]) -> str:
    """Answer as a terminal does until what is awaited comes; return what was shown."""
    shown = ""
    while index := terminal.expect([awaited, *TERMINAL]):
        shown += terminal.before or ""
        terminal.send(list(TERMINAL.values())[index - 1])
    return shown + (terminal.before or "")


def new_project(template: Path, folder: Path, environ: dict[str, str], answers: dict[str, str]) -> str:
    """Answer the prompts of `pulumi new` on a terminal; return what it showed."""
    folder.mkdir()
    terminal = pexpect.spawn(
        "pulumi",
        ["new", str(template), "--color=never"],
        cwd=folder,
        env=environ | {"TERM": "xterm"},
        encoding="utf-8",
        timeout=5 * PATIENCE,
        dimensions=(50, 200),
    )
    shown = ""
    for prompt, answer in answers.items():
        shown += expect(terminal, prompt)
        terminal.send(f"{answer}\r")
    shown += expect(terminal, pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0, shown
    return shown


def test_pulumi_new_asks_for_the_key_as_a_secret_and_the_result_runs(
    template: Path, tmp_path: Path, environ: dict[str, str], emulator: Emulator, api_key: str
) -> None:
    del environ["PYTHONPATH"]
    folder = tmp_path / "new"
    shown = new_project(
        template,
        folder,
        environ,
        {
            "Project name": "rootfi",
            "Project description": "",
            "Stack name": "dev",
            r"\(apiKey\)": api_key,
            r"\(baseUrl\)": emulator.url,
        },
    )
    project = Project(folder, environ, [api_key, "sandbox-secret"])
    assert api_key not in shown
    assert api_key not in (folder / "stacks" / "Pulumi.dev.yaml").read_text()
    secrets: dict[str, Any] = {
        f"{name}_SANDBOX_CLIENT_SECRET": "sandbox-secret" for name in ("ROOTFI", "QUICKBOOKS")
    }
    project.up(**secrets)
    assert len(emulator.integrations(api_key)) == 2
    assert json.loads(project.pulumi("about", "--json").output)["runtime"]["language"] == "python"
