"""The scripts of docs/automation.md: what must be installed, and what a failed run leaves."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.documents.blocks import read
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY, Project

pytestmark = pytest.mark.case

HOST, PLUGIN = "pulumi-language-python", "pulumi-resource-pulumi-python"
PYTHON_CMD = '"PULUMI_PYTHON_CMD": sys.executable, '


@pytest.fixture
def customers(project: Project, emulator: Emulator, tmp_path: Path) -> Project:
    """A folder with the page's scripts, in an environment whose `python3` has no packages."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "vault").write_text("#!/bin/sh\necho secret-of-$4\n")
    (tools / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)
    project.folder = tmp_path / "scripts"
    project.folder.mkdir()
    for block in read(REPOSITORY / "docs" / "automation.md"):
        if block.path:
            (project.folder / block.path).write_text(block.text)
    project.environ |= {
        "PATH": f"{tools}{os.pathsep}{project.environ['PATH']}",
        "ROOTFI_BASE_URL": emulator.url,
    }
    return project


def run(project: Project, *args: str) -> tuple[int, str]:
    """Run a script; return its exit code and what it and the engine print."""
    done = subprocess.run(
        [sys.executable, *args],
        cwd=project.folder,
        env=project.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=5 * PATIENCE,
        check=False,
    )
    assert "secret-of-secret" not in done.stdout
    return done.returncode, done.stdout


def leave_out(project: Project, *names: str) -> None:
    """Let PATH lead to a `pulumi` that has some of its tools next to it, and to no other."""
    [*others, installed] = [
        Path(folder)
        for folder in reversed(project.environ["PATH"].split(os.pathsep))
        if Path(folder, "pulumi").exists()
    ]
    assert not others
    copied = project.folder.parent / "pulumi"
    copied.mkdir()
    for tool in installed.iterdir():
        if not tool.name.startswith(names):
            # The engine looks next to the file that a link leads to.
            shutil.copy(tool, copied)
    project.environ["PATH"] = project.environ["PATH"].replace(str(installed), str(copied))


def test_inline_program_creates_once(customers: Project, emulator: Emulator, api_key: str) -> None:
    leave_out(customers, HOST)
    for _ in range(2):
        code, output = run(customers, "customers.py", "acme")
        assert (code, output.splitlines()[-1]) == (0, "1234"), output
    assert emulator.calls == ["POST /integrations"]
    [made] = emulator.integrations(api_key)
    assert (made.client_id, made.client_secret) == ("acme-xero-app", "secret-of-secret/acme/xero")


def test_inline_program_needs_the_plugins_script(customers: Project, emulator: Emulator) -> None:
    leave_out(customers, PLUGIN)
    code, output = run(customers, "customers.py", "acme")
    assert code == 1
    assert f"no resource plugin '{PLUGIN}' found" in output
    assert emulator.calls == []


def test_inline_plugin_starts_with_python3_of_path(customers: Project, emulator: Emulator) -> None:
    script = customers.folder / "customers.py"
    text = script.read_text()
    script.write_text(text.replace(PYTHON_CMD, ""))
    assert script.read_text() != text
    code, output = run(customers, "customers.py", "acme")
    assert code == 1
    assert "No module named 'pulumi'" in output
    assert emulator.calls == []


def test_local_program_needs_the_language_host(customers: Project, emulator: Emulator) -> None:
    for name in ("Pulumi.yaml", "__main__.py", "stacks"):
        (customers.folder / name).symlink_to(customers.folder.parent / "project" / name)
    leave_out(customers, HOST)
    code, output = run(customers, "deploy.py", "dev")
    assert code == 1
    assert f"no language plugin '{HOST}' found" in output
    assert emulator.calls == []


def test_stack_config_finds_the_key_in_env_vars(customers: Project, emulator: Emulator) -> None:
    script = customers.folder / "configured.py"
    given = '"rootfi:apiKey": automation.ConfigValue(os.environ["ROOTFI_API_KEY"], secret=True),'
    text = script.read_text().replace(given, "")
    before = text
    text = text.replace("env_vars={", 'env_vars={"ROOTFI_API_KEY": os.environ.pop("ROOTFI_API_KEY"), ')
    assert given in script.read_text()
    assert text != before
    script.write_text(text)
    customers.environ["WAVE_CLIENT_SECRET"] = "secret-of-wave"
    code, output = run(customers, "configured.py")
    assert code == 0, output
    assert emulator.calls.count("POST /integrations") == 1


def test_inline_create_of_unknown_outcome_is_not_repeated(customers: Project, emulator: Emulator) -> None:
    emulator.inject(Fault(operation="create", status=500, processed=True))
    for _ in range(2):
        code, output = run(customers, "customers.py", "acme")
        assert code == 1
        assert "acme: the run failed" in output
    assert "adopt" in output
    assert emulator.calls == ["POST /integrations"]


def test_missing_variable_of_inline_program_is_named(customers: Project, emulator: Emulator) -> None:
    script = customers.folder / "customers.py"
    script.write_text(script.read_text().replace(', "CUSTOMER_XERO_SECRET": secret', ""))
    code, output = run(customers, "customers.py", "acme")
    assert code == 1
    assert "integrations.xero.client_secret: environment variable CUSTOMER_XERO_SECRET is not set" in output
    assert emulator.calls == []


def test_inline_programs_run_in_parallel(customers: Project, emulator: Emulator, api_key: str) -> None:
    script = customers.folder / "customers.py"
    head, _, body = script.read_text().partition("customer = sys.argv[1]\n")
    body = "".join(f"    {line}\n" for line in body.splitlines())
    threads = "from concurrent.futures import ThreadPoolExecutor\n\nnames = ['one', 'two', 'three']\n"
    script.write_text(
        f"{head}\ndef deploy(customer):\n{body}\n{threads}list(ThreadPoolExecutor().map(deploy, names))\n"
    )
    code, output = run(customers, "customers.py")
    assert code == 0, output
    assert emulator.calls == ["POST /integrations"] * 3
    made = {each.client_id: each.client_secret for each in emulator.integrations(api_key)}
    assert made == {f"{name}-xero-app": f"secret-of-secret/{name}/xero" for name in ("one", "two", "three")}
