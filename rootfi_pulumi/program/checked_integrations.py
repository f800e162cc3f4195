"""Checks the integrations of an Environment: those of the stack's config and those that a program passes.

The declaration's model is the only validator. It cannot judge an Output, whose value the provider checks by
the same rules (`api.validation`) once it is known.
"""

from collections.abc import Iterator, Mapping
from inspect import isawaitable
from typing import Any

import pulumi

from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.declaration.members import client_secret_problem
from rootfi_pulumi.declaration.problems import ConfigError, Problem
from rootfi_pulumi.declaration.settings import INTEGRATIONS
from rootfi_pulumi.program.args import ARGUMENTS, EnvironmentIntegrationArgs
from rootfi_pulumi.program.plugin_environment import plugin_environ
from rootfi_pulumi.sdk_internals.mocked_run import is_mocked

_MUST_BE_PLAIN = "cannot be an Output: Pulumi needs it before Outputs are known"
# The keys of Problem.path: `integrations`, a name, a member.
_TO_A_MEMBER = 3


class CheckedIntegrations(dict[str, EnvironmentIntegrationArgs]):
    """Integrations by name, in which no mistake can be found before Outputs are known."""


def check_integrations(integrations: object) -> CheckedIntegrations:
    """Return the integrations of an Environment; those that are checked already are returned as they are.

    Raises ConfigError with every mistake; no credential is in it.
    """
    if isinstance(integrations, CheckedIntegrations):
        return integrations
    # Only here: pydantic takes longer to load than the rest of a program that declares its own resources.
    from rootfi_pulumi.declaration.model import read_integrations  # noqa: PLC0415

    declared = _as_declared(integrations)
    problems: list[Problem] = []
    try:
        read_integrations(declared)
    except ConfigError as error:
        problems = [each for each in error.problems if not _may_be_right(each, declared)]
    problems = [_explained(each, declared) for each in problems]
    # A unit test has no secrets, and no plugin that needs them.
    if not is_mocked():
        problems += _missing_variables(declared)
    if problems:
        raise ConfigError(problems)
    return CheckedIntegrations(declared)


def _as_declared(integrations: object) -> Any:
    """Return mappings as a stack file has them."""
    if not isinstance(integrations, Mapping):
        return integrations
    return {
        name: {key: _without_class(value) for key, value in entry.items()}
        if isinstance(entry, Mapping)
        else entry
        for name, entry in integrations.items()
    }


def _without_class(value: object) -> object:
    return {"from_env": value.name} if isinstance(value, from_env.FromEnv) else value


def _may_be_right(problem: Problem, declared: object) -> bool:
    is_argument = len(problem.path) == _TO_A_MEMBER and problem.path[-1] in ARGUMENTS
    return is_argument and _is_output(_at(problem.path, declared))


def _explained(problem: Problem, declared: object) -> Problem:
    return Problem(problem.path, _MUST_BE_PLAIN) if _is_output(_at(problem.path, declared)) else problem


def _is_output(value: object) -> bool:
    return isinstance(value, pulumi.Output) or isawaitable(value)


def _at(path: tuple[str, ...], declared: object) -> object:
    value = declared
    for key in path[1:]:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _missing_variables(declared: object) -> Iterator[Problem]:
    # The plugin would report only the first one of a run.
    environ = plugin_environ()
    if environ is None:
        return
    for name, entry in declared.items() if isinstance(declared, Mapping) else ():
        secret = entry.get("client_secret") if isinstance(entry, Mapping) else None
        variable = from_env.variable(secret)
        is_right = variable and not client_secret_problem(secret)
        if is_right and variable and (problem := from_env.variable_problem(variable, environ)):
            yield Problem((INTEGRATIONS.name, str(name), "client_secret"), problem)
