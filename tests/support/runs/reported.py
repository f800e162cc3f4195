"""What the reported stacks hold, and the report of them as JSON."""

import json
from pathlib import Path
from typing import Any

from tests.support.command.in_project import rootfi_pulumi
from tests.support.pulumi_project import XERO, Project

TRACKED, BY_HAND = "tracked-in-the-file", "put-in-by-hand"
FORMATS = ("table", "markdown", "json", "html")
IN_STATE = {
    "gone": ["undeclared"],
    "lost": ["unfinished"],
    "new": ["missing"],
    "quickbooks": ["disabled"],
    "tracked": ["enabled"],
    "xero": ["enabled"],
}
"""The report of the stack `dev` without --refresh."""


def of_type(integration_type: str) -> dict[str, Any]:
    return XERO | {"integration_type": integration_type}


def report_of(project: Project, *args: str, code: int = 0, **environ: str) -> dict[str, Any]:
    """Return each stack of the report as JSON, by its name."""
    ended = rootfi_pulumi(project, "report", "--json", *args, code=code, **environ)
    return {each["stack"]: each for each in json.loads(ended.output)["stacks"]}


def states(stack: dict[str, Any]) -> dict[str, list[str]]:
    return {name: each["states"] for name, each in stack["integrations"].items()}


def everything(folder: Path) -> dict[str, bytes]:
    kept = (folder / "project" / "stacks", folder / "state")
    return {str(path): path.read_bytes() for each in kept for path in each.rglob("*") if path.is_file()}
