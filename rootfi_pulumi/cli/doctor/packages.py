"""Checks that a run's packages can be imported with the Python that Pulumi starts."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rootfi_pulumi.cli.doctor import package_remedies
from rootfi_pulumi.cli.doctor.finding import Finding, Subject, not_checked, ok, problem
from rootfi_pulumi.cli.doctor.interpreters import Interpreter, InterpreterError, Runtime
from rootfi_pulumi.cli.doctor.versions import PYTHON, SDK, SDK_REQUIREMENT, is_supported, needed
from rootfi_pulumi.project.project import Project

_OUR_REQUIREMENT = "rootfi-pulumi"
_PYTHON_FIRST = not_checked(Subject.PACKAGE, "requires the project's Python")
# Seconds, enough for Python to start on a busy machine.
_PATIENCE = 60
# The modules that the program imports, and those that the provider imports by its first request.
_MODULES = {
    "pulumi": ["pulumi", "pulumi.dynamic"],
    _OUR_REQUIREMENT: [
        "rootfi_pulumi.program.environment",
        "rootfi_pulumi.provider.operations",
        "rootfi_pulumi.api.transport",
    ],
}
# The last line of its output is a JSON object with the version of Python and an `_Import` for each package.
_IMPORT = """
import importlib, importlib.metadata, json, sys
found = {}
for package, modules in json.loads(sys.argv[1]).items():
    version = error = lacks = None
    try:
        version = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        pass
    try:
        for module in modules:
            importlib.import_module(module)
    except BaseException as raised:
        error, lacks = f"{type(raised).__name__}: {raised}", getattr(raised, "name", None)
    found[package] = {"version": version, "error": error, "lacks": lacks}
print()
print(json.dumps({"python": sys.version_info[:2], "packages": found}))
"""


@dataclass(frozen=True)
class _Import:
    """A package's version, its import error and the module that is missing; None for what does not apply."""

    version: str | None
    error: str | None
    lacks: str | None


@dataclass(frozen=True)
class _Answer:
    """The version of a Python, and what its imports did."""

    python: tuple[int, int]
    packages: Mapping[str, _Import]


@dataclass(frozen=True)
class _Place:
    """The Python whose packages are checked. `whose` is empty if program and provider share it."""

    project: Project
    runtime: Runtime
    interpreter: Interpreter
    whose: str = ""
    is_of_provider_alone: bool = False

    @property
    def shown(self) -> str:
        return f"{self.interpreter.python}{self.whose}"

    def remedy_for_no_python(self) -> tuple[str, str]:
        if self.is_of_provider_alone:
            return package_remedies.share_environment(self.runtime)
        return package_remedies.install_project(self.project)

    def remedy_for_old_python(self) -> tuple[str, str]:
        if self.is_of_provider_alone:
            return package_remedies.share_environment(self.runtime)
        return package_remedies.replace_python(self.project, self.interpreter)

    def remedy_for(self, requirement: str, named: Sequence[str]) -> tuple[str, str]:
        """Return how to install a requirement: with the project if it requires one of `named`."""
        if self.is_of_provider_alone:
            return package_remedies.share_environment(self.runtime)
        place = (self.project, self.runtime, self.interpreter)
        if not named:
            return package_remedies.add_requirement(*place, requirement)
        return package_remedies.install_requirement(*place, requirement, named=named)


def check_packages(project: Project) -> list[Finding]:
    """Import the SDK and rootfi_pulumi with the program's Python and with the provider's."""
    try:
        runtime = Runtime.of(project)
        program, provider = runtime.of_program(), runtime.of_provider()
    except InterpreterError as error:
        command = package_remedies.in_project(project, error.command) if error.command else ""
        return [problem(Subject.PYTHON, str(error), error.remedy, command), _PYTHON_FIRST]
    if program == provider:
        return _imported(_Place(project, runtime, program))
    return [
        *_imported(_Place(project, runtime, program, " (the program's)")),
        *_imported(_Place(project, runtime, provider, " (the provider's)", is_of_provider_alone=True)),
    ]


def _imported(place: _Place) -> list[Finding]:
    if not Path(place.interpreter.python).exists():
        why = f"{place.shown} does not exist"
        return [problem(Subject.PYTHON, why, *place.remedy_for_no_python()), _PYTHON_FIRST]
    answer = _ask(place)
    if answer is None:
        remedy = "repair it, or remove the environment and run `pulumi install` to create a new one"
        return [problem(Subject.PYTHON, f"{place.shown} does not start", remedy), _PYTHON_FIRST]
    if answer.python < PYTHON:
        needs = f"rootfi-pulumi needs {_dotted(PYTHON)} or newer"
        why = f"{place.shown} is Python {_dotted(answer.python)}: {needs}"
        return [problem(Subject.PYTHON, why, *place.remedy_for_old_python()), _PYTHON_FIRST]
    sdk = _sdk(place, answer.packages["pulumi"])
    if sdk.is_failure:
        return [sdk, not_checked(Subject.PACKAGE, "requires the Pulumi SDK")]
    return [sdk, _ours(place, answer.packages[_OUR_REQUIREMENT])]


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def _sdk(place: _Place, found: _Import) -> Finding:
    version = found.version
    if version is None:
        what = f"is not installed for {place.shown}"
    elif not is_supported(version, SDK):
        what = f"is {version} for {place.shown}: {needed(SDK)}"
    elif found.error:
        what = f"is {version} but cannot be imported by {place.shown}: {found.error}"
    else:
        return ok(Subject.SDK, f"{version}, for {place.shown}")
    # The project may require the installed version; installing that again would not help.
    named = () if version else ("pulumi", _OUR_REQUIREMENT)
    return problem(Subject.SDK, what, *place.remedy_for(SDK_REQUIREMENT, named))


def _ours(place: _Place, found: _Import) -> Finding:
    version = found.version
    if not found.error:
        return ok(Subject.PACKAGE, f"{version or 'not installed, found in a folder'}, for {place.shown}")
    what = f"{f'is {version} but ' if version else ''}cannot be imported by {place.shown}: {found.error}"
    # In a clone the program imports the package from its folder, and the project requires its dependencies.
    named = _OUR_REQUIREMENT if found.lacks == Subject.PACKAGE else "pulumi"
    return problem(Subject.PACKAGE, what, *place.remedy_for(_OUR_REQUIREMENT, () if version else (named,)))


def _ask(place: _Place) -> _Answer | None:
    # Pulumi starts it with this environment and folder, so that the program's folder is first on its path.
    environ = dict(os.environ)
    if place.interpreter.environment:
        environ.pop("PYTHONHOME", None)
        environ["VIRTUAL_ENV"] = str(place.interpreter.environment)
    try:
        done = subprocess.run(  # noqa: S603 (the project's own Python)
            [place.interpreter.python, "-B", "-c", _IMPORT, json.dumps(_MODULES)],
            cwd=place.runtime.folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=True,
        )
        found = json.loads(done.stdout.splitlines()[-1])
        packages = {package: _Import(**each) for package, each in found["packages"].items()}
        return _Answer(tuple(found["python"]), packages)
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
