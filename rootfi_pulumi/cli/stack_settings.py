"""The settings that a stack's config gives explicitly, asked of Pulumi, which alone can decrypt them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from rootfi_pulumi.api import settings
from rootfi_pulumi.declaration.plain_secrets import INTEGRATIONS
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

_NAMES = ("rootfi:apiKey", "rootfi:baseUrl", "rootfi:timeoutSeconds", "rootfi:concurrency")


@dataclass(frozen=True)
class ConfigValue:
    """A value of a stack's config. `text` is as the program gets it, or None if it was not decrypted."""

    text: str | None = field(repr=False)
    is_secret: bool = False


@dataclass(frozen=True)
class StackSettings:
    """The `rootfi:` settings but the integrations; None is left to the environment or the default.

    `has_declaration` says whether there are integrations, wherever the stack has its config from.
    """

    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    timeout: str | None = None
    concurrency: str | None = None
    has_declaration: bool = False

    @classmethod
    def of(cls, config: Mapping[str, ConfigValue]) -> Self:
        """Take them from a stack's decrypted config."""
        key, url, timeout, concurrency = (config[name].text if name in config else None for name in _NAMES)
        return cls(key, url, timeout, concurrency, INTEGRATIONS in config)

    def resolved(self) -> settings.Settings:
        """Complete them as the program would. Raises SettingsError."""
        return settings.resolve(
            self.api_key, self.base_url, timeout=self.timeout, concurrency=self.concurrency
        )


def stack_settings(project: Project, stack: str) -> StackSettings:
    """Read a stack's settings. Raises PulumiError, also where what they are encrypted with is missing."""
    config = stack_config(project, stack)
    # Other secrets of the stack may stay what they are, and what decrypts them missing.
    if any(config[name].is_secret for name in _NAMES if name in config):
        config = stack_config(project, stack, decrypt=True)
    return StackSettings.of(config)


def stack_config(project: Project, stack: str, *, decrypt: bool = False) -> dict[str, ConfigValue]:
    """Read a stack's whole config, with `decrypt` its secrets too. Raises PulumiError."""
    options = ("--show-secrets",) if decrypt else ()
    printed = project.pulumi("config", "--json", "--stack", stack, *options)
    try:
        listed = json.loads(printed)
        return {
            str(key): ConfigValue(value.get("value"), bool(value.get("secret")))
            for key, value in listed.items()
        }
    except (ValueError, AttributeError):
        # What was printed may hold secrets.
        raise PulumiError("pulumi config --json printed something else than values by their names") from None
