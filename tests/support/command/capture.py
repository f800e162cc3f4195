"""Integrations created by hand for `rootfi-pulumi capture`, and the stack file that it edits."""

from pathlib import Path
from typing import Any

from rootfi_pulumi.emulator import Emulator
from tests.support.pulumi_project import Project

# Each is one that Pulumi, YAML or a shell could take for something else.
AWKWARD = [
    "true",
    "12345",
    "0o17",
    "null",
    "{a: b}",
    "it's",
    '"quoted"',
    "päss wörd",
    "- a",
    "#no",
    "$HOME `id`",
]


def stack_file(project: Project) -> Path:
    return project.folder / "stacks" / "Pulumi.dev.yaml"


def add(emulator: Emulator, api_key: str, project: Project, **members: object) -> int:
    own: dict[str, Any] = {"integration_type": "XERO", "client_id": "xero-app"}
    own["client_secret"] = project.environ["XERO_CLIENT_SECRET"]
    return emulator.add_integration(api_key, **(own | members)).rootfi_id
