"""A repository of one's own, with a project that uses this package: its files, as its pipeline reads them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from rootfi_pulumi.cli.pipeline import render
from rootfi_pulumi.cli.pipeline.options import Options

PASSPHRASE = {"encryptionsalt": "v1:c2FsdA==:v1:bm9uY2U="}
XERO = {"integration_type": "XERO", "client_id": "app", "client_secret": {"from_env": "XERO_SECRET"}}


def write_repository(  # noqa: PLR0913 (each has a default)
    folder: Path,
    *,
    toolchain: str = "pip",
    backend: str = "",
    stacks: Sequence[str] = ("dev",),
    stack: Mapping[str, Any] | None = None,
    inside: str = ".",
    **settings: Any,
) -> Path:
    """Write a repository whose stacks each declare one integration; return the project's folder.

    `stack` is added to each stack's file, `settings` to Pulumi.yaml. `inside` is the project's folder.
    """
    root = folder / inside
    root.mkdir(parents=True, exist_ok=True)
    (folder / ".git").mkdir()
    options = {"toolchain": toolchain} | ({"virtualenv": ".venv"} if toolchain == "pip" else {})
    project: dict[str, Any] = {"name": "rootfi", "runtime": {"name": "python", "options": options}}
    project |= {"stackConfigDir": "stacks"} | ({"backend": {"url": backend}} if backend else {}) | settings
    (root / "Pulumi.yaml").write_text(yaml.safe_dump(project, sort_keys=False))
    (root / "stacks").mkdir()
    for name in stacks:
        declared = {"config": {"rootfi:integrations": {"xero": XERO}}} | dict(stack or {})
        (root / "stacks" / f"Pulumi.{name}.yaml").write_text(yaml.safe_dump(declared, sort_keys=False))
    return root


def github(root: Path, **options: Any) -> dict[str, Any]:
    """Return the workflow of a project, with its triggers under `on` (for YAML 1.1 that word is True)."""
    workflow: dict[Any, Any] = yaml.safe_load(render("github", root, Options(**options)))
    workflow["on"] = workflow.pop(True)
    return workflow


def gitlab(root: Path, **options: Any) -> dict[str, Any]:
    """Return the GitLab pipeline of a project."""
    pipeline: dict[str, Any] = yaml.safe_load(render("gitlab", root, Options(**options)))
    return pipeline


def commands(job: Mapping[str, Any]) -> list[str]:
    """Return the command lines of a workflow's job."""
    return [step["run"] for step in job["steps"] if "run" in step]


def step_of(job: Mapping[str, Any], word: str) -> Mapping[str, Any]:
    """Return the step of a job that runs `rootfi-pulumi <word>`."""
    found: list[Mapping[str, Any]] = [
        each for each in job["steps"] if f"rootfi-pulumi {word}" in each.get("run", "")
    ]
    [step] = found
    return step
