"""Checks the names of projects and stacks by Pulumi's rules, and writes a name in YAML."""

import json
import re

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_RULE = "must have 1 to 100 letters, digits, hyphens, underscores or periods"
# The name of a project whose folder has no letter or digit that Pulumi allows.
_FALLBACK = "rootfi"
# A plain scalar that begins with a letter is text for every reader of YAML, except these words of YAML 1.1.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def project_problem(name: str) -> str | None:
    """Return why Pulumi would reject the name of a project, or None."""
    if not _NAME.fullmatch(name):
        return _RULE
    if name.lower() == "pulumi" or name.lower().startswith("pulumi."):
        return "must not be `pulumi` or begin with `pulumi.`: Pulumi reserves these names"
    return None


def stack_problem(name: str) -> str | None:
    """Return why the name cannot be that of a stack and part of a file's name, or None."""
    # Imported here so that other commands start fast.
    from rootfi_pulumi.cli.pipeline.options import STACK_NAME  # noqa: PLC0415

    if not _NAME.fullmatch(name):
        return _RULE
    if not STACK_NAME.fullmatch(name):
        return "must begin with a letter, digit, underscore or period: commands take a hyphen for an option"
    return None


def default_project(folder: str) -> str:
    """Return a valid name for the project in a folder of this name; Pulumi drops the same characters."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "", folder)
    return _FALLBACK if project_problem(name) else name


def in_yaml(name: str) -> str:
    """Return the name as a YAML scalar that every reader takes for this text."""
    return name if _PLAIN.fullmatch(name) and name.lower() not in _WORDS else json.dumps(name)
