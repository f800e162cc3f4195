"""Runs the real `pulumi` on throw-away projects against an emulator of each test's own."""

import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from rootfi_pulumi.emulator import Emulator
from tests.support.backends import postgresql, s3
from tests.support.backends.backend import Backend, Bucket, Database, Folder
from tests.support.distribution import workflow
from tests.support.distribution.clone import deployment_packages
from tests.support.pages.browser import chromium
from tests.support.pages.emulator import Opened, opened
from tests.support.prepared_projects import Step, Workshop, deploy_xero
from tests.support.pulumi_project import MEASURE, REPOSITORY, Project, environment
from tests.support.session_folder import made_once


@pytest.fixture(scope="session")
def pulumi_folder() -> str:
    install = REPOSITORY / "tools" / "pulumi" / "install.py"
    done = subprocess.run([sys.executable, install], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(scope="session")
def pulumi_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pulumi-home")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def s3_server() -> Iterator[s3.Server]:
    with s3.running() as server:
        yield server


@pytest.fixture(scope="session", name="chromium")
def _chromium() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    """The empty backend that a test's `backend` parameter names; its server starts on first use."""
    match request.param:
        case "postgresql":
            return Database(request.getfixturevalue("postgresql_server"))
        case "s3":
            return Bucket(request.getfixturevalue("s3_server"))
        case _:
            return Folder(tmp_path / "backend")


@pytest.fixture
def environ(
    request: pytest.FixtureRequest, pulumi_folder: str, pulumi_home: Path, tmp_path: Path
) -> dict[str, str]:
    measured = request.node.get_closest_marker("measured")
    return environment(tmp_path, pulumi_folder, pulumi_home) | (MEASURE if measured else {})


@pytest.fixture(scope="session")
def session_key(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The API key of every test's first organisation: states that are copied hold it, encrypted."""

    def write(folder: Path) -> None:
        (folder / "key").write_text(secrets.token_hex(20))

    return (made_once(tmp_path_factory, "session-key", write) / "key").read_text()


@pytest.fixture
def api_key(emulator: Emulator, session_key: str) -> str:
    """The key of an organisation without integrations."""
    return emulator.add_organisation(session_key)


@pytest.fixture(scope="session")
def workshop(
    tmp_path_factory: pytest.TempPathFactory, pulumi_folder: str, pulumi_home: Path, session_key: str
) -> Workshop:
    return Workshop(tmp_path_factory, pulumi_folder, pulumi_home, session_key)


@pytest.fixture
def prepared(
    workshop: Workshop, tmp_path: Path, environ: dict[str, str], emulator: Emulator, api_key: str
) -> Callable[..., Project]:
    """Return the test's own copy of a project after the given steps, which run once for all tests."""

    def copy(*steps: Step) -> Project:
        return workshop.copy(tmp_path, environ, emulator, *steps)

    return copy


@pytest.fixture
def project(prepared: Callable[..., Project]) -> Project:
    """A project with the repository's own program and a stack `dev` whose organisation is empty."""
    return prepared()


@pytest.fixture
def deployed(prepared: Callable[..., Project]) -> Project:
    """The project with one XERO integration, id 1234, and an empty request log."""
    return prepared(deploy_xero)


@pytest.fixture
def packages(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> Path:
    """The virtual environment of a deployment, without the development tools."""
    return deployment_packages(tmp_path_factory, environ)


@pytest.fixture
def clone(
    tmp_path: Path, environ: dict[str, str], emulator: Emulator, api_key: str, packages: Path
) -> workflow.Clone:
    """A clone whose backend has the stack dev, and whose environment has what its jobs ask for."""
    return workflow.runner(tmp_path / "clone", environ, emulator, api_key, packages)


@pytest.fixture
def deployed_clone(
    workshop: Workshop, tmp_path: Path, environ: dict[str, str], emulator: Emulator, api_key: str
) -> workflow.Clone:
    """The clone after a deploy of the stack dev, with two integrations, and an empty request log."""
    return workshop.deployed_clone(tmp_path, environ, emulator)


@pytest.fixture
def page(chromium: Browser, emulator: Emulator, api_key: str) -> Iterator[Opened]:
    """The emulator's page."""
    with opened(chromium, emulator) as page:
        yield page
