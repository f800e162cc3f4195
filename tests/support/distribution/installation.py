"""The package as its users install it: from its wheel, into an empty virtual environment."""

import subprocess
import sys
from pathlib import Path

from tests.support.command.command_line import Command
from tests.support.pulumi_project import REPOSITORY

UV = Path(sys.executable).with_name("uv")


def build_wheel(folder: Path, source: Path = REPOSITORY) -> Path:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return wheel


def install(wheel: Path, extras: str, folder: Path) -> Path:
    """Make a virtual environment with the wheel and nothing but what it asks for, in the locked versions."""
    lock = str(REPOSITORY / "requirements-dev.txt")
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    python = ["--python", str(folder / "bin" / "python")]
    wanted = f"rootfi-pulumi[{extras}] @ {wheel.as_uri()}" if extras else str(wheel)
    subprocess.run(
        [UV, "pip", "install", "--quiet", *python, "--constraint", lock, "--no-verify-hashes", wanted],
        check=True,
    )
    return folder


def command(environment: Path) -> Command:
    return Command((str(environment / "bin" / "rootfi-pulumi"),))
