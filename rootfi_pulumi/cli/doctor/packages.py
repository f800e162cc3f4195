"""Whether the packages that a run needs can be imported where Pulumi would import them."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from rootfi_pulumi.cli.doctor import remedies
from rootfi_pulumi.cli.doctor.finding import Finding, not_checked, ok, problem
from rootfi_pulumi.cli.doctor.interpreters import Interpreter, InterpreterError, Runtime
from rootfi_pulumi.cli.doctor.versions import SDK, SDK_REQUIREMENT, is_supported
from rootfi_pulumi.project.project import Project

_PYTHON, _SDK, _OURS = "Python", "Pulumi SDK", "rootfi_pulumi"
_OUR_REQUIREMENT = "rootfi-pulumi"
# Seconds; for a start of Python on a busy machine.
_PATIENCE = 60
# What the program imports, and what the provider does by its first request.
_MODULES = {
    "pulumi": ["pulumi", "pulumi.dynamic"],
    _OUR_REQUIREMENT: [
        "rootfi_pulumi.program.environment",
        "rootfi_pulumi.provider.operations",
        "rootfi_pulumi.api.transport",
    ],
}
# Its last line is a JSON object: for each package what `_Import` holds.
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
print(json.dumps(found))
"""


@dataclass(frozen=True)
class _Import:
    """A package's version, why it cannot be imported, and which module it lacks; None where there is none."""

    version: str | None
    error: str | None
    lacks: str | None


@dataclass(frozen=True)
class _Place:
    """Where packages are looked for. `whose` says it where program and provider have different ones."""

    project: Project
    runtime: Runtime
    interpreter: Interpreter
    whose: str = ""
    is_of_provider_alone: bool = False

    @property
    def shown(self) -> str:
        return f"{self.interpreter.python}{self.whose}"

    def remedy_for_none(self) -> tuple[str, str]:
        return (
            remedies.share_environment(self.runtime)
            if self.is_of_provider_alone
            else remedies.install_project(self.project)
        )

    def remedy_for(self, requirement: str, named: str | None) -> tuple[str, str]:
        """Return how to install it: as the project names `named`, if that is given and the project does."""
        if self.is_of_provider_alone:
            return remedies.share_environment(self.runtime)
        place = (self.project, self.runtime, self.interpreter)
        if named is None:
            return remedies.add_requirement(*place, requirement)
        return remedies.install_requirement(*place, requirement, named=named)


def check_packages(project: Project) -> list[Finding]:
    """Import the SDK and rootfi_pulumi with the Python of the program and with that of the provider."""
    try:
        runtime = Runtime.of(project)
        program, provider = runtime.of_program(), runtime.of_provider()
    except InterpreterError as error:
        command = remedies.in_project(project, error.command) if error.command else ""
        return [problem(_PYTHON, str(error), error.remedy, command), _later("the project's Python")]
    if program == provider:
        return _imported(_Place(project, runtime, program))
    return [
        *_imported(_Place(project, runtime, program, " (the program's)")),
        *_imported(_Place(project, runtime, provider, " (the provider's)", is_of_provider_alone=True)),
    ]


def _imported(place: _Place) -> list[Finding]:
    if not Path(place.interpreter.python).exists():
        why = f"there is no {place.shown}"
        return [problem(_PYTHON, why, *place.remedy_for_none()), _later("the project's Python")]
    found = _ask(place)
    if found is None:
        remedy = "repair it, or remove the environment and let `pulumi install` make another"
        return [problem(_PYTHON, f"{place.shown} does not start", remedy), _later("the project's Python")]
    sdk = _sdk(place, found["pulumi"])
    return [sdk, _later("the Pulumi SDK") if sdk.is_failure else _ours(place, found[_OUR_REQUIREMENT])]


def _later(needed: str) -> Finding:
    return not_checked(_OURS, f"it takes {needed}")


def _sdk(place: _Place, found: _Import) -> Finding:
    version = found.version
    if version is None:
        what = f"is not installed, for {place.shown}"
    elif not is_supported(version, SDK):
        what = f"is {version}, for {place.shown}: this needs {SDK} or newer, of the same major version"
    elif found.error:
        what = f"is {version} and cannot be imported, for {place.shown}: {found.error}"
    else:
        return ok(_SDK, f"{version}, for {place.shown}")
    # What is there may be what the project names, and to install that again would not help.
    return problem(_SDK, what, *place.remedy_for(SDK_REQUIREMENT, None if version else "pulumi"))


def _ours(place: _Place, found: _Import) -> Finding:
    version = found.version
    if not found.error:
        return ok(_OURS, f"{version or 'of a folder, not installed'}, for {place.shown}")
    what = f"{f'is {version} and ' if version else ''}cannot be imported, for {place.shown}: {found.error}"
    # A clone's program finds the package in its own folder, and the project names what that needs.
    named = _OUR_REQUIREMENT if found.lacks == _OURS else "pulumi"
    return problem(_OURS, what, *place.remedy_for(_OUR_REQUIREMENT, None if version else named))


def _ask(place: _Place) -> dict[str, _Import] | None:
    # As Pulumi starts it: the program's folder comes first on its path.
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
        return {package: _Import(**each) for package, each in found.items()}
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
