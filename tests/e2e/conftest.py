"""Runs the real `pulumi` on throw-away projects against an emulator of each test's own."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import postgresql
import pytest
import s3
import workflow
from backends import Backend, Bucket, Database, Folder
from browser import chromium
from playwright.sync_api import Browser
from pulumi_project import REPOSITORY, XERO, Project

from rootfi_pulumi.emulator import Emulator


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
            return Folder(tmp_path / "state")


@pytest.fixture
def environ(pulumi_folder: str, pulumi_home: Path, tmp_path: Path) -> dict[str, str]:
    state, temporary = tmp_path / "state", tmp_path / "tmp"
    state.mkdir()
    temporary.mkdir()
    foreign = ("PULUMI_", "ROOTFI_", "AWS_", "PG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {
        "PATH": f"{pulumi_folder}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(pulumi_home),
        "TMPDIR": str(temporary),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "not a secret",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PYTHONPATH": str(REPOSITORY),
    }


@pytest.fixture
def project(tmp_path: Path, environ: dict[str, str], emulator: Emulator, api_key: str) -> Project:
    """A project with the repository's own program and a stack `dev` whose organisation is empty."""
    folder = tmp_path / "project"
    folder.mkdir()
    xero, quickbooks = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    own = {"ROOTFI_API_KEY": api_key, "XERO_CLIENT_SECRET": xero, "QUICKBOOKS_CLIENT_SECRET": quickbooks}
    project = Project(folder, environ | own, [api_key, xero, quickbooks])
    project.write()
    project.declare(baseUrl=emulator.url)
    project.new_stack()
    return project


@pytest.fixture
def deployed(project: Project, emulator: Emulator) -> Project:
    """The project with one XERO integration, id 1234, and an empty request log."""
    project.declare({"xero": XERO})
    project.up()
    emulator.forget_requests()
    return project


@pytest.fixture
def clone(tmp_path: Path, environ: dict[str, str], emulator: Emulator, api_key: str) -> workflow.Clone:
    """A clone whose backend has the stack dev, and whose environment has what its jobs ask for."""
    return workflow.clone(tmp_path / "clone", environ, emulator, api_key)
