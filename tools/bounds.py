"""`make test-bounds`: tests the lowest and the highest allowed dependencies on every installed Python.

It creates a temporary virtual environment for each CPython that `requires-python` allows, with the lowest and
with the highest versions that pyproject.toml allows and that have a wheel for it. It installs the project's
dependencies, then the test tools without changing the former, and runs the unit and contract tests and a
stack's lifecycle on the real engine. It prints a table of the outcomes; the exit code is 1 if a combination
failed.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob
from itertools import chain, product
from pathlib import Path

from rich.console import Console
from rich.table import Table

REPOSITORY = Path(__file__).parents[1]
RESOLUTIONS = ("lowest-direct", "highest")
TESTS = ("tests/unit", "tests/contract", "tests/e2e/test_lifecycle.py")
# Typer's help differs between versions; docs/cli.md is written with the locked one.
LOCKED_ONLY = "tests/unit/tools/test_cli_docs.py::test_the_page_is_what_the_commands_help_says_now"
UV = (sys.executable, "-m", "uv")


@dataclass(frozen=True)
class Outcome:
    """The outcome of one combination. `failed` names the step that failed, and is empty if it passed."""

    python: str
    resolution: str
    failed: str
    versions: str
    seconds: float


def main() -> None:
    """Try every combination in turn, print the table and exit."""
    options = _options()
    found = {version: path for version, path in pythons() if options.python in ("", version)}
    if not found:
        sys.exit(
            f"no Python {options.python or 'that is supported'} found; list what is here:  uv python list"
        )
    resolutions = [options.resolution] if options.resolution else RESOLUTIONS
    outcomes = [
        outcome(version, path, resolution, options.workers)
        for (version, path), resolution in product(found.items(), resolutions)
    ]
    show(outcomes)
    sys.exit(any(each.failed for each in outcomes))


def pythons() -> Iterator[tuple[str, str]]:
    """Yield the minor version and path of each CPython that the project allows, oldest first."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    # pyenv's shims only run a selected version. `glob` skips folders that this user may not read, unlike
    # Path.glob.
    path = os.pathsep.join([*glob(str(pyenv / "versions/*/bin")), os.environ["PATH"]])  # noqa: PTH207 (see above)
    command = [*UV, "python", "list", "--only-installed", "--offline", "--output-format", "json"]
    listed = subprocess.run(
        command,
        check=True,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    found: dict[tuple[int, int], str] = {}
    for each in json.loads(listed.stdout):
        if each["implementation"] == "cpython" and each["variant"] == "default":
            minor = (each["version_parts"]["major"], each["version_parts"]["minor"])
            found.setdefault(minor, each["path"])
    for minor in sorted(found):
        if minor >= lowest_python():
            yield "{}.{}".format(*minor), found[minor]


def lowest_python() -> tuple[int, int]:
    """Return the lowest version in `requires-python`."""
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        required: str = tomllib.load(file)["project"]["requires-python"]
    major, minor = required.removeprefix(">=").split(".")
    return int(major), int(minor)


def outcome(version: str, python: str, resolution: str, workers: str) -> Outcome:
    """Try one combination, showing the output of its steps."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rootfi-bounds-") as temporary:
        environment = Path(temporary) / "venv"
        failed = next(
            (name for name, done in steps(environment, python, resolution, workers) if not done), ""
        )
        versions = direct_versions(environment)
    return Outcome(version, resolution, failed, versions, time.monotonic() - begun)


def steps(environment: Path, python: str, resolution: str, workers: str) -> Iterator[tuple[str, bool]]:
    """Run the steps of a combination one by one; yield each name and whether it succeeded."""
    inside = environment / "bin" / "python"
    pip: list[str | Path] = [*UV, "pip", "install", "--quiet", "--python", inside]
    yield "venv", run(*UV, "venv", "--quiet", "--python", python, environment)
    # A version without a wheel for this Python is too low for it: few users have the compilers.
    binary = ["--only-binary", ":all:"]
    needed = ["--requirements", "pyproject.toml", "--all-extras", "--resolution", resolution, *binary]
    yield "dependencies", run(*pip, *needed)
    # The constraints keep the test tools from upgrading the dependencies under test.
    held = environment / "held.txt"
    held.write_text(_output(*UV, "pip", "freeze", "--python", inside))
    yield "test tools", run(*pip, "--group", "test", "--constraints", held)
    pytest: list[str | Path] = [inside, "-m", "pytest", "-p", "no:cacheprovider", "--numprocesses", workers]
    yield "tests", run(*pytest, "--deselect", LOCKED_ONLY, *TESTS)


def direct_versions(environment: Path) -> str:
    """Return the installed versions of the dependencies that pyproject.toml names."""
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    named = chain(project["dependencies"], *project["optional-dependencies"].values())
    names = {each.partition(">=")[0].replace(".", "-") for each in named}
    frozen = _output(*UV, "pip", "freeze", "--python", environment / "bin" / "python").split()
    return " ".join(each.replace("==", " ") for each in frozen if each.partition("==")[0] in names)


def show(outcomes: list[Outcome]) -> None:
    """Print the table."""
    table = Table("Python", "resolution", "outcome", "minutes", "with")
    for each in outcomes:
        result = f"[red]{each.failed} failed[/]" if each.failed else "[green]passed[/]"
        table.add_row(each.python, each.resolution, result, f"{each.seconds / 60:.1f}", each.versions)
    Console().print(table)


def run(*command: str | Path) -> bool:
    """Print a command, run it in the repository and return whether it succeeded."""
    print(f"$ {shlex.join(map(str, command))}", flush=True)
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode == 0


def _output(*command: str | Path) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", default="", metavar="3.12", help="only this version")
    parser.add_argument("--resolution", choices=RESOLUTIONS, help="only this resolution")
    parser.add_argument(
        "--workers", default="auto", metavar="N", help="pytest's workers (default: one for each core)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
