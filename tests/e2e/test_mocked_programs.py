"""Unit tests of users' programs, run by pytest in a process of its own, so that module scope is real.

`docs/testing.md` has the first of them, and its promises.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.documents.blocks import read
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY

PAGE = {block.path: block.text for block in read(REPOSITORY / "docs" / "testing.md") if block.path}
SECRETS = dict.fromkeys(
    ("XERO_CLIENT_SECRET", "WAVE_CLIENT_SECRET", "THEIR_CLIENT_SECRET", "ROOTFI_API_KEY"), "hunter2"
)
# Loading the plugins of the package's own tests takes longer than the tests do.
ENVIRONMENT = {
    "PYTHONPATH": str(REPOSITORY),
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}
PYTEST = ("pytest", "-q", "-p", "no:cacheprovider")

# Fails a session in which anything is started that a unit test does not need.
WATCH = """
import sys
import threading

STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system"}
if sys.platform != "win32": # where an event loop connects to itself
    STARTS |= {"socket.bind", "socket.connect"}
started = []
sys.addaudithook(lambda event, args: started.append((event, args)) if event in STARTS else None)


def pytest_sessionfinish(session):
    threads = [each.name for each in threading.enumerate()]
    # The SDK asks mocks on the threads of its event loop.
    started.extend(each for each in threads if not each.startswith(("MainThread", "asyncio_")))
    if started:
        print("STARTED", started)
        session.exitstatus = 9
"""
# A program with a component of its own, and with the options that the engine reads.
COMPONENT = """
import pulumi
from rootfi_pulumi import FromEnv, RootFiIntegration, RootFiProvider


class Team(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("team:index:Team", name, None, opts)
        self.xero = RootFiIntegration(
            f"{name}-xero",
            integration_type="XERO",
            client_id="app",
            client_secret=FromEnv("NO_SUCH_VARIABLE"),
            adopt=7,
            opts=pulumi.ResourceOptions(parent=self, protect=True, ignore_changes=["client_id"]),
        )
        self.register_outputs({"id": self.xero.rootfi_id})


own = RootFiProvider("own", api_key="made-up")
team = Team("team", pulumi.ResourceOptions(providers=[own]))
after = RootFiIntegration(
    "after",
    integration_type="WAVE",
    client_id=team.xero.rootfi_id.apply(str),
    client_secret="hunter2",
    opts=pulumi.ResourceOptions(depends_on=[team], provider=own, aliases=[pulumi.Alias(name="before")]),
)
"""
COMPONENT_TEST = """
import importlib
import unittest

import pulumi
from rootfi_mocks import RootFiMocks

mocks = RootFiMocks()
pulumi.runtime.set_mocks(mocks)
import component

again = RootFiMocks()
pulumi.runtime.set_mocks(again, preview=True)
team, after = component.team, component.after
importlib.reload(component)
# The SDK asks the mocks in tasks: nothing is created for certain before its output is there.
created = pulumi.Output.all(component.after.client_id, team.xero.adopt, after.client_id)


class Program(unittest.TestCase):
    @pulumi.runtime.test
    def test_component(self):
        def check(values):
            assert values == ["1234", 7, "1234"], values
            assert set(mocks.created) == {"own", "team", "team-xero", "after"}
            assert mocks.created["team-xero"].provider

        return created.apply(check)

    @pulumi.runtime.test
    async def test_secret(self):
        assert await component.after.client_secret.is_secret()
        assert await component.after.client_secret.future() == "hunter2"
        await created.future()
        assert set(again.created) == set(mocks.created)
"""
RAISING = """
import pulumi
from rootfi_mocks import RootFiMocks


class Raising(RootFiMocks):
    def new_resource(self, args):
        raise LookupError("no such " + args.name)


pulumi.runtime.set_mocks(Raising())
import component


@pulumi.runtime.test
def test_raising():
    return component.team.xero.rootfi_id
"""
LATE = """
import component
import pulumi
from rootfi_mocks import RootFiMocks

pulumi.runtime.set_mocks(RootFiMocks())
"""


def run(folder: Path, files: dict[str, str], *command: str, **environ: str) -> tuple[int, str]:
    """Run a command of Python in a folder with these files; return its exit code and output."""
    foreign = ("PULUMI_", "ROOTFI_", "PYTEST_", "COVERAGE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    for name, text in files.items():
        (folder / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=kept | ENVIRONMENT | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    left = {path.name for path in folder.iterdir()} - set(files)
    assert not left, f"{command} left {left}"
    return done.returncode, done.stdout


def run_tests(folder: Path, files: dict[str, str], **environ: str) -> tuple[int, str]:
    files = files | {"conftest.py": WATCH}
    return run(folder, files, *PYTEST, "-W", "error", **environ)


@pytest.mark.parametrize("environ", [{}, SECRETS], ids=["no secrets", "secrets"])
def test_pages_tests_pass_and_start_nothing(tmp_path: Path, environ: dict[str, str]) -> None:
    code, output = run_tests(tmp_path, PAGE, **environ)
    assert (code, output.splitlines()[-1].partition(" in ")[0]) == (0, "5 passed"), output


@pytest.mark.case
def test_pages_tests_pass_in_parallel(tmp_path: Path) -> None:
    code, output = run(tmp_path, PAGE, *PYTEST, "-p", "xdist", "-n", "2")
    assert (code, "5 passed" in output) == (0, True), output


def test_pages_tests_fail_for_a_changed_program(tmp_path: Path) -> None:
    changed = PAGE["infra.py"].replace('"WAVE"', '"TALLY"').replace('"my-app"', '"other-app"')
    changed = changed.replace("provider=other", "provider=None")
    code, output = run_tests(tmp_path, PAGE | {"infra.py": changed})
    assert (code, "3 failed, 2 passed" in output) == (1, True), output


def test_components_work_with_mocks_set_twice(tmp_path: Path) -> None:
    files = {"rootfi_mocks.py": PAGE["rootfi_mocks.py"], "component.py": COMPONENT}
    code, output = run_tests(tmp_path, files | {"test_component.py": COMPONENT_TEST})
    assert (code, "2 passed" in output) == (0, True), output


@pytest.mark.case
def test_unittest_runs_a_mocked_program(tmp_path: Path) -> None:
    files = {"rootfi_mocks.py": PAGE["rootfi_mocks.py"], "component.py": COMPONENT}
    code, output = run(tmp_path, files | {"test_component.py": COMPONENT_TEST}, "unittest")
    assert (code, "Ran 2 tests" in output) == (0, True), output


def test_mocks_that_raise_fail_the_test(tmp_path: Path) -> None:
    files = {
        "rootfi_mocks.py": PAGE["rootfi_mocks.py"],
        "component.py": COMPONENT,
        "test_raising.py": RAISING,
    }
    code, output = run_tests(tmp_path, files)
    assert (code, "LookupError: no such " in output, "1 failed" in output) == (1, True, True), output


def test_import_before_mocks_says_what_to_do(tmp_path: Path) -> None:
    files = {"rootfi_mocks.py": PAGE["rootfi_mocks.py"], "component.py": COMPONENT, "test_late.py": LATE}
    code, output = run_tests(tmp_path, files)
    assert "RunError: no Pulumi program is running here" in output
    assert (code, "STARTED" in output) == (2, False), output


@pytest.mark.package
def test_pages_files_pass_mypy_as_the_page_says(tmp_path: Path) -> None:
    assert "@" not in PAGE["infra.py"]
    mypy = ("mypy", "--strict", "--allow-untyped-decorators", f"--cache-dir={os.devnull}")
    code, output = run(tmp_path, PAGE, *mypy, *PAGE, MYPYPATH=str(REPOSITORY))
    assert code == 0, output
