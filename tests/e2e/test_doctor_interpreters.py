"""The Python that doctor looks at is the one that Pulumi's own toolchains start, whatever the layout.

The language host of the tests is built from Pulumi's own package `python/toolchain`.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto.language_pb2 import AboutRequest, ProgramInfo
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeStub

from rootfi_pulumi.cli.doctor.interpreters import Runtime
from rootfi_pulumi.project.project import Project

pytestmark = pytest.mark.case


@dataclass(frozen=True)
class Layout:
    """A folder in which the project is in `project`; all paths are below it.

    `made` are environments, and by their names lock files and a program's folder; `expected` is the
    environment that the program gets.
    """

    made: str
    expected: str
    options: dict[str, str] = field(default_factory=dict)
    main: str = ""
    environ: dict[str, str] = field(default_factory=dict)


ACTIVE = {"VIRTUAL_ENV": "active", "PATH": "active/bin"}
OWN = {"virtualenv": "own"}
UV, POETRY = {"toolchain": "uv"}, {"toolchain": "poetry"}
LAYOUTS = {
    "pip": Layout("project/own", "project/own", OWN | {"toolchain": "pip"}),
    "pip elsewhere": Layout("own", "own", {"virtualenv": "../own"}),
    "pip with main": Layout("project/own project/src", "project/own", OWN, "src"),
    "pip, another active": Layout("project/own active", "project/own", OWN, environ=ACTIVE),
    "pip next to a uv lock": Layout("project/uv.lock project/own", "project/own", OWN | {"toolchain": "pip"}),
    "on PATH": Layout("active", "active", environ={"PATH": "active/bin"}),
    "by command": Layout("own", "own", {"toolchain": "pip"}, environ={"PULUMI_PYTHON_CMD": "own/bin/python"}),
    "uv": Layout("project/.venv", "project/.venv", UV),
    "uv, another active": Layout("project/.venv active", "project/.venv", UV, environ=ACTIVE),
    "uv with main": Layout("project/src project/src/.venv", "project/src/.venv", UV, "src"),
    "uv by option": Layout("project/own project/src", "project/own", UV | OWN, "src"),
    "uv by lock": Layout("project/uv.lock project/.venv", "project/.venv"),
    "uv workspace": Layout("uv.lock project/.venv .venv", ".venv"),
    "uv by variable": Layout("uv.lock named", "named", UV, environ={"UV_PROJECT_ENVIRONMENT": "named"}),
    "poetry": Layout("cached", "cached", POETRY),
    "poetry by lock": Layout("poetry.lock cached", "cached"),
    "poetry with option": Layout("cached project/own", "cached", POETRY | OWN),
    "both locks": Layout("uv.lock poetry.lock .venv cached", ".venv"),
}
POETRY_SCRIPT = (
    '#!/bin/sh\n[ "$1" = --version ] && echo "Poetry (version 2.1.0)" && exit\necho "{0}/cached"\n'
)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_program_python_is_that_of_host(
    layout: Layout, environment: Path, pulumi_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    (work / "project").mkdir(parents=True)
    for name in layout.made.split():
        _make(work / name, environment)
    _set(monkeypatch, work, layout.environ)
    settings: dict[str, Any] = {"name": "any", "runtime": {"name": "python", "options": layout.options}}
    settings |= {"main": layout.main} if layout.main else {}
    found = Path(Runtime.of(Project(work / "project" / "Pulumi.yaml", settings)).of_program().python)
    assert found.parent == work / layout.expected / "bin"
    with _host(pulumi_folder) as host:
        assert found.parent == _executable(host, work / "project", layout).parent


def _make(path: Path, environment: Path) -> None:
    if path.suffix == ".lock":
        path.touch()
        return
    path.mkdir()
    if path.name != "src":
        (path / "bin").mkdir()
        for python in ("python", "python3"):
            (path / "bin" / python).symlink_to(environment / "bin" / "python")
        (path / "pyvenv.cfg").write_text((environment / "pyvenv.cfg").read_text())


def _set(monkeypatch: pytest.MonkeyPatch, work: Path, environ: dict[str, str]) -> None:
    tools = work / "tools"
    tools.mkdir()
    (tools / "uv").symlink_to(Path(sys.executable).parent / "uv")
    (tools / "poetry").write_text(POETRY_SCRIPT.format(work))
    (tools / "poetry").chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    for name, value in environ.items():
        if name == "PATH":
            path = f"{work / value}{os.pathsep}{path}"
        else:
            monkeypatch.setenv(name, value if name.startswith("UV_") else str(work / value))
    monkeypatch.setenv("PATH", path)


@contextmanager
def _host(folder: str) -> Iterator[LanguageRuntimeStub]:
    with subprocess.Popen(
        [Path(folder) / "pulumi-language-python", "127.0.0.1:1"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            address = f"127.0.0.1:{int(cast('IO[str]', process.stdout).readline())}"
            with grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)]) as channel:
                yield LanguageRuntimeStub(channel)
        finally:
            process.kill()


def _executable(host: LanguageRuntimeStub, root: Path, layout: Layout) -> Path:
    given = Struct()
    given.update(layout.options)
    folder = str(root / layout.main)
    info = ProgramInfo(root_directory=str(root), program_directory=folder, entry_point=".", options=given)
    return Path(host.About(AboutRequest(info=info), timeout=60).executable)
