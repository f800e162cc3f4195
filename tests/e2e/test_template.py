"""`pulumi new` of template/: its prompts, and that its files are those of `rootfi-pulumi init`."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pexpect
import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.distribution.installation import build_wheel
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY, Project

pytestmark = pytest.mark.package

TEMPLATE = REPOSITORY / "template"
PIP = ("--runtime-options", "toolchain=pip")
VERSION = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]


# What a terminal may be asked at any time, its background colour and where its cursor is, and its answers.
TERMINAL = {r"\x1b\]11;\?\x1b\\": "\x1b]11;rgb:0000/0000/0000\x1b\\", r"\x1b\[6n": "\x1b[1;1R"}


def expect(terminal: "pexpect.spawn[str]", awaited: str | type[pexpect.EOF]) -> str:
    """Answer as a terminal does until what is awaited comes; return what was shown."""
    shown = ""
    while index := terminal.expect([awaited, *TERMINAL]):
        shown += terminal.before or ""
        terminal.send(list(TERMINAL.values())[index - 1])
    return shown + (terminal.before or "")


def new_project(folder: Path, environ: dict[str, str], answers: dict[str, str], code: int | None = 0) -> str:
    """Answer the prompts of `pulumi new` on a terminal; return what it showed."""
    folder.mkdir()
    terminal = pexpect.spawn(
        "pulumi",
        ["new", str(TEMPLATE), "--color=never", *PIP],
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
    assert code is None or terminal.exitstatus == code, shown
    return shown


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["integrations", "1.0", "on"])
def test_pulumi_new_and_init_write_the_same_bytes(name: str, tmp_path: Path, environ: dict[str, str]) -> None:
    """Except that Pulumi records the template's address, which may be a path of one machine.

    Pulumi's language host asks for the toolchain; the one of the tests does not, so an option gives it.
    """
    new, own = tmp_path / "new", tmp_path / "own"
    new.mkdir()
    generate = ["pulumi", "new", str(TEMPLATE), "--generate-only", "--yes", "--name", name, *PIP]
    subprocess.run(generate, cwd=new, env=environ, check=True, capture_output=True)
    package = f"--package=rootfi-pulumi[cli,emulator]=={VERSION}"
    init = [
        sys.executable,
        "-m",
        "rootfi_pulumi.cli",
        "init",
        str(own),
        "--toolchain=pip",
        "--name",
        name,
        package,
    ]
    subprocess.run(init, env=environ, check=True, capture_output=True)
    written = contents(new)
    address = f"config:\n  pulumi:tags:\n    value:\n      pulumi:template: {TEMPLATE}\n"
    assert address in written["Pulumi.yaml"]
    written["Pulumi.yaml"] = written["Pulumi.yaml"].replace(address, "")
    assert written == contents(own)


def test_pulumi_new_asks_for_the_key_as_a_secret(
    tmp_path: Path, environ: dict[str, str], emulator: Emulator, api_key: str
) -> None:
    # The version in requirements.txt may not be published yet: pip gets it from here.
    environ["PIP_FIND_LINKS"] = str(build_wheel(tmp_path / "wheel").parent)
    del environ["PYTHONPATH"]
    folder = tmp_path / "new"
    prompts = {
        "Project name": "rootfi",
        "Project description": "",
        "Stack name": "dev",
        r"\(apiKey\)": api_key,
        r"\(baseUrl\)": emulator.url,
    }
    shown = new_project(folder, environ, prompts)
    project = Project(folder, environ, [api_key, "xero-secret"])
    assert api_key not in shown
    assert api_key not in (folder / "stacks" / "Pulumi.dev.yaml").read_text()
    project.up(XERO_CLIENT_SECRET="xero-secret")
    assert [made.client_id for made in emulator.integrations(api_key)] == ["dev-xero-app"]


def test_pulumi_new_stores_no_setting_that_is_left_empty(tmp_path: Path, environ: dict[str, str]) -> None:
    # pip has nothing to install, so that this takes no minute.
    environ |= {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}
    folder = tmp_path / "new"
    prompts = dict.fromkeys(
        ["Project name", "Project description", "Stack name", r"rootfi:apiKey\)", r"rootfi:baseUrl\)"], ""
    )
    new_project(folder, environ, prompts, code=None)
    assert "rootfi:apiKey" not in (folder / "stacks" / "Pulumi.dev.yaml").read_text()
    assert "rootfi:baseUrl" not in (folder / "stacks" / "Pulumi.dev.yaml").read_text()
