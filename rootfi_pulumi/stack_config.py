"""Reads the running stack's config: the settings and the declaration of its integrations.

Rests on https://www.pulumi.com/docs/iac/concepts/config/
"""

import json
from pathlib import Path

import pulumi
import yaml
from pulumi.runtime.config import get_config_env, is_config_secret

from rootfi_pulumi.api import settings
from rootfi_pulumi.config import (
    WHAT_IT_MUST_BE,
    ConfigError,
    Integrations,
    Problem,
    read_integrations,
    unknown_settings,
)
from rootfi_pulumi.from_env import FromEnv, variable_problem
from rootfi_pulumi.stack_file import plain_secrets, plain_secrets_of


def read_stack_config() -> Integrations:
    """Read and validate the running stack's `rootfi:` config.

    Raises ConfigError with every mistake, in settings and in integrations; no credential is in it.
    """
    config = pulumi.Config("rootfi")
    problems = unknown_settings(get_config_env())
    try:
        settings.resolve(
            config.get("apiKey"),
            config.get("baseUrl"),
            timeout=config.get("timeoutSeconds"),
            concurrency=config.get("concurrency"),
        )
    except settings.SettingsError as error:
        problems.append(Problem((error.source,), error.what))
    problems += _plain_secrets()
    text = config.get("integrations")
    if text is None:
        raise ConfigError([*problems, Problem(("rootfi:integrations",), f"is not set: it {WHAT_IT_MUST_BE}")])
    try:
        integrations = read_integrations(_parsed(text))
    except ConfigError as error:
        problems += error.problems
    else:
        problems += _missing_variables(integrations)
    if problems:
        raise ConfigError(problems)
    return integrations


def _plain_secrets() -> list[Problem]:
    # The engine hands over decrypted values. It tells which keys held something encrypted; only the file
    # tells whether everything in a key was.
    config = get_config_env()
    plain = {key: _parsed(value) for key, value in config.items() if not is_config_secret(key)}
    return list(dict.fromkeys([*plain_secrets_of(plain), *_plain_in_file()]))


def _parsed(value: str) -> object:
    try:
        return json.loads(value) if value.startswith("{") else value
    except (ValueError, RecursionError):
        return value


def _plain_in_file() -> list[Problem]:
    try:
        folder = yaml.safe_load(Path("Pulumi.yaml").read_text()).get("stackConfigDir") or "."
        text = (Path(folder) / f"Pulumi.{pulumi.get_stack()}.yaml").read_text()
    except (OSError, ValueError, AttributeError, yaml.YAMLError):
        # The config is elsewhere: --config-file, or a backend that keeps it.
        return []
    return plain_secrets(text)


def _missing_variables(integrations: Integrations) -> list[Problem]:
    # The plugin would tell one a run; it reads the same environment.
    variables = {
        name: entry.client_secret.name
        for name, entry in integrations.items()
        if isinstance(entry.client_secret, FromEnv)
    }
    return [
        Problem(("integrations", name, "client_secret"), problem)
        for name, variable in variables.items()
        if (problem := variable_problem(variable))
    ]
