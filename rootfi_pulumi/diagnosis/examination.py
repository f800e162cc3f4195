"""The examination as a whole: what is looked at, and in which order."""

import shutil
from collections.abc import Callable
from pathlib import Path

from rootfi_pulumi.diagnosis import backend, declaration, leftovers, other_stacks, tools
from rootfi_pulumi.diagnosis.access import access, read_variable
from rootfi_pulumi.diagnosis.finding import Finding, Status, not_checked, problem
from rootfi_pulumi.project import Project, ProjectError
from rootfi_pulumi.pulumi_cli import PulumiError
from rootfi_pulumi.stack_settings import StackSettings, stack_settings

_PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE"  # noqa: S105 (the name of a variable)
_ACCESS = "base URL, API key"


class Examination:
    """One look at a stack of the project in a folder. `steps` are to be run in their order."""

    def __init__(self, folder: Path, stack: str | None) -> None:
        self._folder = folder
        self._wanted = stack
        self._project: Project | None = None
        self._stack: str | None = None
        self._pulumi = False

    @property
    def steps(self) -> list[Callable[[], list[Finding]]]:
        """What is looked at; each step returns its findings and raises nothing."""
        return [
            self._find_project,
            self._tools,
            self._backend,
            self._access,
            self._state,
            self._other_stacks,
            self._declaration,
        ]

    def _find_project(self) -> list[Finding]:
        try:
            self._project = Project.find(self._folder)
        except ProjectError as error:
            return [not_checked("project", str(error))]
        return []

    def _tools(self) -> list[Finding]:
        self._pulumi = shutil.which("pulumi") is not None
        return [
            tools.command_line(self._project),
            tools.language_host(self._project),
            tools.sdk(self._project),
        ]

    def _backend(self) -> list[Finding]:
        if not self._pulumi:
            return [not_checked("backend", "it takes `pulumi`"), not_checked("stack", "it takes `pulumi`")]
        login = backend.login(self._project)
        if self._project is None or login.status is Status.PROBLEM:
            missing = "a project" if self._project is None else "a login"
            return [login, not_checked("stack", f"it takes {missing}")]
        stack, self._stack = backend.stack(self._project, self._wanted)
        return [login, stack]

    def _access(self) -> list[Finding]:
        settings = StackSettings()
        if self._project:
            why = "they may be in the config of a stack"
            if not self._stack:
                return [not_checked(_ACCESS, why)]
            try:
                settings = stack_settings(self._project, self._stack)
            except PulumiError as error:
                return [_unreadable(str(error)), not_checked(_ACCESS, why)]
        return access(settings, self._stack)

    def _state(self) -> list[Finding]:
        if not (self._project and self._stack):
            return [not_checked("earlier runs", "it takes a stack")]
        return leftovers.leftovers(self._project, self._stack)

    def _other_stacks(self) -> list[Finding]:
        if not (self._project and self._stack):
            return [not_checked(other_stacks.SUBJECT, "it takes a stack")]
        return other_stacks.other_stacks(self._project, self._stack)

    def _declaration(self) -> list[Finding]:
        if self._project is None:
            return [not_checked("stack files", "it takes a project")]
        stack = self._stack or self._wanted
        if stack is None:
            needed = [not_checked("variables", "it takes a stack")]
        else:
            needed = declaration.variables(self._project, stack)
        return [*declaration.stack_files(self._project), *needed]


def _unreadable(why: str) -> Finding:
    if "passphrase" in why:
        remedy = "give the stack's passphrase; it is not shown"
        return problem("stack config", why, remedy, read_variable(_PASSPHRASE))
    return problem("stack config", why, "give Pulumi access to the stack's secrets provider")
