"""Reads the running stack's config: the settings and the declaration of its integrations.

Rests on https://www.pulumi.com/docs/iac/concepts/config/
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime.config import get_config, is_config_secret

from rootfi_pulumi.declaration.plain_secrets import plain_secrets_of
from rootfi_pulumi.declaration.problems import ConfigError, Problem
from rootfi_pulumi.declaration.rules import (
    WHAT_IT_MUST_BE,
    misplaced_declarations,
    unknown_settings,
)
from rootfi_pulumi.declaration.settings import API_KEY, INTEGRATIONS, NO_KEY, find_mistakes
from rootfi_pulumi.declaration.stack_file import TWO_WAYS, StackFile, parsed
from rootfi_pulumi.program.checked_integrations import CheckedIntegrations, check_integrations
from rootfi_pulumi.program.config_file import running_config_file
from rootfi_pulumi.program.plugin_environment import plugin_environ
from rootfi_pulumi.project.engine_yaml import UnreadableError
from rootfi_pulumi.sdk_internals.mocked_run import is_mocked
from rootfi_pulumi.sdk_internals.whole_config import whole_config


@dataclass(frozen=True)
class StackConfig:
    """The running stack's declaration, not yet validated, and the mistakes in the rest of the config."""

    declared: object = field(repr=False)
    problems: tuple[Problem, ...]

    def integrations(self) -> CheckedIntegrations:
        """Check the declaration. Raises ConfigError with every mistake; no credential is in it."""
        problems = list(self.problems)
        try:
            integrations = check_integrations(self.declared)
        except ConfigError as error:
            problems += error.problems
        if problems:
            raise ConfigError(problems)
        return integrations


def read_stack_config() -> StackConfig:
    """Read the running stack's settings and declaration.

    Raises ConfigError with every mistake in the settings if no integrations are declared.
    """
    config = whole_config()
    problems = unknown_settings(config)
    problems += _mistakes_in_settings()
    # A unit test's config is in no state.
    problems += [] if is_mocked() else _plain_secrets(config)
    text = get_config(INTEGRATIONS.key)
    misplaced = misplaced_declarations({key: parsed(value) for key, value in config.items()})
    if text is None:
        missing = Problem((INTEGRATIONS.key,), f"is not set: it {WHAT_IT_MUST_BE}")
        raise ConfigError([*problems, *misplaced, missing])
    for each in misplaced:
        pulumi.log.warn(str(each))
    return StackConfig(parsed(text), tuple(problems))


def _mistakes_in_settings() -> list[Problem]:
    if is_mocked():  # a unit test has no key and needs none
        environ: Mapping[str, str] | None = {str(API_KEY.variable): "mocked"}
    else:
        environ = plugin_environ()
    mistakes = find_mistakes(get_config, os.environ if environ is None else environ)
    # Where the plugin's environment is unknown, the key may be in it.
    return [
        Problem((each.source,), each.what) for each in mistakes if environ is not None or each.what != NO_KEY
    ]


def _plain_secrets(config: Mapping[str, Any]) -> list[Problem]:
    # The engine passes decrypted values, and which keys held anything encrypted. Only the file shows whether
    # everything in a key was.
    plain = {key: parsed(value) for key, value in config.items() if not is_config_secret(key)}
    # Of both, the file's knows whether there is JSON text.
    return list({each.path: each for each in [*plain_secrets_of(plain), *_plain_in_file(config)]}.values())


def _plain_in_file(running: Mapping[str, Any]) -> list[Problem]:
    path, project = running_config_file()
    try:
        file = StackFile.read(path, project) if path else StackFile()
    except (OSError, UnreadableError):
        # The config is elsewhere, as in a backend that keeps it.
        return []
    own = file.config
    secrets = [each for each in plain_secrets_of(own) if _runs_with(own, running, each.path)]
    return [*secrets, *(Problem((key,), TWO_WAYS) for _, key in file.ambiguous)]


def _runs_with(file: Mapping[str, Any], running: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    """Return whether a secret of the file is this run's, whose config may come from another file."""
    if path == (API_KEY.key,):
        return bool(file[API_KEY.key] == running.get(API_KEY.key))
    _, name, member = path
    declared = parsed(running.get(INTEGRATIONS.key, ""))
    entry = declared.get(name) if isinstance(declared, Mapping) else None
    return isinstance(entry, Mapping) and file[INTEGRATIONS.key][name][member] == entry.get(member)
