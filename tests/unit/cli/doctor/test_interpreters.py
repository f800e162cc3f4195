"""Which Python is whose; tests/e2e/test_doctor_interpreters.py compares it with Pulumi's language host."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.doctor.interpreters import InterpreterError, Runtime, Toolchain
from rootfi_pulumi.project.project import Project
from tests.support.systems import POSIX

pytestmark = POSIX


@pytest.fixture(autouse=True)
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with a Python, uv, and a poetry whose environment is /made/by/poetry."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in {"python3": "", "uv": "", "poetry": "echo /made/by/poetry"}.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    for name in (
        "PULUMI_PYTHON_CMD",
        "PULUMI_RUNTIME_VIRTUALENV",
        "PULUMI_RUNTIME_TOOLCHAIN",
        "UV_PROJECT_ENVIRONMENT",
    ):
        monkeypatch.delenv(name, raising=False)
    return folder


def runtime(folder: Path, text: str = "runtime: python", *files: str) -> Runtime:
    (folder / "p").mkdir()
    (folder / "p" / "Pulumi.yaml").write_text(f"name: x\n{text}\n")
    for file in files:
        (folder / "p" / file).parent.mkdir(exist_ok=True)
        (folder / "p" / file).touch()
    return Runtime.of(Project.find(folder / "p"))


def options(**given: str) -> str:
    shown = ", ".join(f"{name}: {value}" for name, value in given.items())
    return f"runtime: {{name: python, options: {{{shown}}}}}"


@pytest.mark.parametrize(
    ("text", "files", "program", "provider"),
    [
        ("runtime: python", [], "bin/python3", "bin/python3"),
        (options(virtualenv="venv"), [], "p/venv/bin/python", "p/venv/bin/python"),
        (options(toolchain="uv"), [], "p/.venv/bin/python", "p/.venv/bin/python"),
        (options(toolchain="uv", virtualenv="v"), [], "p/v/bin/python", "p/v/bin/python"),
        (options(toolchain="poetry"), [], "/made/by/poetry/bin/python", "/made/by/poetry/bin/python"),
        # The provider's starter knows the options alone.
        ("runtime: python", ["uv.lock"], "p/.venv/bin/python", "bin/python3"),
        ("runtime: python", ["poetry.lock"], "/made/by/poetry/bin/python", "bin/python3"),
        (f"{options(virtualenv='v')}\nmain: in/", ["in/x.py"], "p/v/bin/python", "p/in/v/bin/python"),
    ],
)
def test_program_and_provider_have_their_python(
    text: str, files: list[str], program: str, provider: str, tmp_path: Path
) -> None:
    found = runtime(tmp_path, text, *files)
    assert found.of_program().python == str(tmp_path / program)
    assert found.of_provider().python == str(tmp_path / provider)


def test_lock_file_above_the_program_names_the_toolchain(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").touch()
    found = runtime(tmp_path)
    assert found.resolved_toolchain is Toolchain.UV
    assert found.of_program().environment == tmp_path / ".venv"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("runtime: nodejs", "is nodejs, not python"),
        (options(toolchain="conda"), "Pulumi does not support the toolchain conda"),
        (options(virtualenv="[a]"), "the runtime option virtualenv is not a string"),
        ("runtime: python\nmain: nowhere", " does not exist"),
    ],
)
def test_unusable_runtime_says_why(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(InterpreterError, match=why) as caught:
        runtime(tmp_path, text)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (options(toolchain="uv"), "`uv` is not on PATH"),
        (options(toolchain="poetry"), "`poetry` is not on PATH"),
        ("runtime: python", "python3 or python is not on PATH"),
    ],
)
def test_missing_command_says_how_to_get_it(
    text: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InterpreterError, match=why) as caught:
        runtime(tmp_path, text).of_program()
    assert caught.value.remedy.startswith("install")


def test_poetry_without_an_environment_is_installed_by_pulumi(tmp_path: Path, commands: Path) -> None:
    (commands / "poetry").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(InterpreterError, match="poetry has no environment for") as caught:
        runtime(tmp_path, options(toolchain="poetry")).of_program()
    assert caught.value.command == "pulumi install"
