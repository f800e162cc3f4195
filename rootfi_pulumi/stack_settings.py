"""The settings that a stack's config gives explicitly, asked of Pulumi, which alone can decrypt them."""

import json
from dataclasses import dataclass, field

from rootfi_pulumi.api import settings
from rootfi_pulumi.project import Project
from rootfi_pulumi.pulumi_cli import PulumiError


@dataclass(frozen=True)
class StackSettings:
    """The `rootfi:` settings but the integrations; None is left to the environment or the default."""

    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    timeout: str | None = None
    concurrency: str | None = None

    def resolved(self) -> settings.Settings:
        """Complete them as the program would. Raises SettingsError."""
        return settings.resolve(
            self.api_key, self.base_url, timeout=self.timeout, concurrency=self.concurrency
        )


def stack_settings(project: Project, stack: str) -> StackSettings:
    """Read a stack's settings. Raises PulumiError, also where what they are encrypted with is missing."""
    listed = project.pulumi("config", "--json", "--stack", stack)
    try:
        keys = set(json.loads(listed))
    except ValueError:
        raise PulumiError("pulumi config --json printed no JSON") from None

    def value(key: str) -> str | None:
        # Pulumi ends it by a line break.
        return project.pulumi("config", "get", key, "--stack", stack)[:-1] if key in keys else None

    names = ("rootfi:apiKey", "rootfi:baseUrl", "rootfi:timeoutSeconds", "rootfi:concurrency")
    return StackSettings(*map(value, names))
