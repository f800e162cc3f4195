"""Runs the checks in order; each gets what earlier ones found: the project, the stack and its config."""

import shutil
from collections.abc import Callable
from pathlib import Path

from rootfi_pulumi.cli.doctor import (
    backend,
    leftovers,
    other_stacks,
    packages,
    secrets_provider,
    stack_files,
    tools,
)
from rootfi_pulumi.cli.doctor.access import check_access
from rootfi_pulumi.cli.doctor.finding import Finding, Status, Subject, not_checked, problem
from rootfi_pulumi.cli.stack_settings import ConfigValue, StackSettings
from rootfi_pulumi.project.project import Project, ProjectError

_NO_CLI, _NO_PROJECT, _NO_STACK = "requires `pulumi`", "requires a project", "requires a stack"


class Examination:
    """The checks of one stack of the project in a folder. Run `steps` in order."""

    def __init__(self, folder: Path, stack: str | None) -> None:
        self._folder = folder
        self._wanted = stack
        self._project: Project | None = None
        self._stack: str | None = None
        self._pulumi = False
        self._config: dict[str, ConfigValue] | None = None

    @property
    def steps(self) -> list[Callable[[], list[Finding]]]:
        """The checks; each returns its findings and raises nothing."""
        return [
            self._find_project,
            self._tools,
            self._packages,
            self._backend,
            self._secrets,
            self._access,
            self._state,
            self._other_stacks,
            self._declaration,
        ]

    def _find_project(self) -> list[Finding]:
        try:
            self._project = Project.find(self._folder)
        except ProjectError as error:
            return [problem(Subject.PROJECT, str(error), "change to the folder of the project's Pulumi.yaml")]
        return []

    def _tools(self) -> list[Finding]:
        self._pulumi = shutil.which("pulumi") is not None
        return [tools.check_cli(self._project), tools.check_language_host(self._project)]

    def _packages(self) -> list[Finding]:
        if self._project is None:
            return [not_checked(Subject.PACKAGES, _NO_PROJECT)]
        return packages.check_packages(self._project)

    def _backend(self) -> list[Finding]:
        if not self._pulumi:
            return [not_checked(subject, _NO_CLI) for subject in (Subject.BACKEND, Subject.STACK)]
        login = backend.check_login(self._project)
        if self._project is None or login.status is Status.PROBLEM:
            why = _NO_PROJECT if self._project is None else "requires a login"
            return [login, not_checked(Subject.STACK, why)]
        stack, self._stack = backend.find_stack(self._project, self._wanted)
        return [login, stack]

    def _secrets(self) -> list[Finding]:
        if not (self._project and self._stack):
            return [not_checked(Subject.STACK_CONFIG, _NO_STACK)]
        found, self._config = secrets_provider.check_decryption(self._project, self._stack)
        return [found]

    def _access(self) -> list[Finding]:
        if self._project and self._config is None:
            return [not_checked(Subject.ACCESS, "requires the stack's config, which may set them")]
        return check_access(StackSettings.from_config(self._config or {}), self._stack)

    def _state(self) -> list[Finding]:
        if not (self._project and self._stack):
            return [not_checked(Subject.EARLIER_RUNS, _NO_STACK)]
        return leftovers.check_leftovers(self._project, self._stack)

    def _other_stacks(self) -> list[Finding]:
        if not (self._project and self._stack):
            return [not_checked(Subject.OTHER_STACKS, _NO_STACK)]
        return other_stacks.check_other_stacks(self._project, self._stack)

    def _declaration(self) -> list[Finding]:
        if self._project is None:
            return [not_checked(Subject.STACK_FILES, _NO_PROJECT)]
        stack = self._stack or self._wanted
        found = stack_files.check_stack_files(self._project, stack)
        if stack and self._config is not None and not any(each.is_failure for each in found):
            found += stack_files.check_required(self._project, stack, self._config)
            found += stack_files.check_decrypted(self._config)
        if stack is None:
            return [*found, not_checked(Subject.VARIABLES, _NO_STACK)]
        return [*found, *stack_files.check_variables(self._project, stack, self._config)]
