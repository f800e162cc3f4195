"""Reads the settings in a stack's config with `pulumi config`, which can decrypt them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.declaration.settings import INTEGRATIONS, OF_A_CALL, Setting, resolve
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError


@dataclass(frozen=True)
class ConfigValue:
    """A value of a stack's config. `text` is what the program gets, or None if it was not decrypted."""

    text: str | None = field(repr=False)
    is_secret: bool = False


@dataclass(frozen=True)
class StackSettings:
    """The settings of a stack's config, by their full keys; what is not there is left to the environment.

    `has_declaration` says whether any source of the stack's config sets the integrations.
    """

    values: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    has_declaration: bool = False

    @classmethod
    def from_config(cls, config: Mapping[str, ConfigValue]) -> Self:
        """Take them from a stack's decrypted config."""
        values = {each.key: config[each.key].text for each in OF_A_CALL if each.key in config}
        return cls(values, INTEGRATIONS.key in config)

    def has(self, setting: Setting) -> bool:
        """Return whether the stack's config gives this setting."""
        return self.values.get(setting.key) is not None

    def resolve(self) -> Settings:
        """Complete them as the program would. Raises SettingsError."""
        return resolve(self.values.get)


def read_settings(project: Project, stack: str) -> StackSettings:
    """Read a stack's settings. Raises PulumiError, also if they are encrypted and cannot be decrypted."""
    config = read_config(project, stack)
    # Other secrets of the stack may stay what they are, and what decrypts them missing.
    if any(config[each.key].is_secret for each in OF_A_CALL if each.key in config):
        config = read_config(project, stack, decrypt=True)
    return StackSettings.from_config(config)


def read_config(project: Project, stack: str, *, decrypt: bool = False) -> dict[str, ConfigValue]:
    """Read a stack's config; `decrypt` decrypts its secrets. Raises PulumiError."""
    options = ("--show-secrets",) if decrypt else ()
    printed = project.pulumi("config", "--json", "--stack", stack, *options)
    try:
        listed = json.loads(printed)
        return {
            str(key): ConfigValue(value.get("value"), bool(value.get("secret")))
            for key, value in listed.items()
        }
    except (ValueError, AttributeError):
        # The message does not quote the output, which may contain secrets.
        raise PulumiError("pulumi config --json did not print a mapping of keys to values") from None
