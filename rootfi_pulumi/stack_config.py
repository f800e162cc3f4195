"""Reads the running stack's config: the settings and the declaration of its integrations.

Rests on https://www.pulumi.com/docs/iac/concepts/config/
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pulumi
import yaml
from pulumi.runtime.config import get_config_env, is_config_secret

from rootfi_pulumi import from_env
from rootfi_pulumi.api import settings
from rootfi_pulumi.plain_secrets import plain_secrets, plain_secrets_of
from rootfi_pulumi.problems import ConfigError, Problem
from rootfi_pulumi.rules import WHAT_IT_MUST_BE, is_right, unknown_settings

if TYPE_CHECKING:
    from rootfi_pulumi.config import Integrations


@dataclass(frozen=True)
class StackConfig:
    """The running stack's `rootfi:integrations` as it stands, and what is wrong with everything beside it."""

    declared: object = field(repr=False)
    problems: tuple[Problem, ...]

    @property
    def is_right(self) -> bool:
        """Whether `integrations` would raise nothing; told at once, where that has to load first."""
        return not self.problems and is_right(self.declared) and not any(_missing_variables(self.declared))

    def integrations(self) -> "Integrations":
        """Validate the declaration. Raises ConfigError with every mistake; no credential is in it."""
        # Only here: it takes as long to load as the engine needs to start the plugin meanwhile.
        from rootfi_pulumi.config import read_integrations  # noqa: PLC0415

        problems = list(self.problems)
        try:
            integrations = read_integrations(self.declared)
        except ConfigError as error:
            problems += error.problems
        else:
            problems += _missing_variables(self.declared)
        if problems:
            raise ConfigError(problems)
        return integrations


def read_stack_config() -> StackConfig:
    """Read the running stack's `rootfi:` config.

    Raises ConfigError with every mistake in the settings if no integrations are declared.
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
    return StackConfig(_parsed(text), tuple(problems))


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


def _missing_variables(declared: object) -> Iterator[Problem]:
    # The plugin would tell one a run; it reads the same environment.
    for name, entry in declared.items() if isinstance(declared, Mapping) else ():
        variable = from_env.variable(entry["client_secret"])
        if variable and (problem := from_env.variable_problem(variable)):
            yield Problem(("integrations", name, "client_secret"), problem)
