"""What a generated pipeline installs: actions by commit, and tools by version. Each is pinned here alone."""

import re
from collections.abc import Mapping

from rootfi_pulumi.cli.doctor.versions import CLI

PULUMI = CLI
UV = "0.13.9"
POETRY = "2.5.1"

ACTIONS = {
    "actions/checkout": ("08c6903cd8c0fde910a37f88322edcfb5dd907a8", "v5.0.0"),
    "actions/setup-python": ("e797f83bcb11b83ae66e0230d6156d7c80228e7c", "v6.0.0"),
    "astral-sh/setup-uv": ("681c641aba71e4a1c380be3ab5e12ad51f415867", "v7.1.6"),
    "pulumi/actions": ("8582a9e8cc630786854029b4e09281acd6794b58", "v6.6.1"),
}
"""The commit and version of each action."""

_PINNED = re.compile(r"uses: ([\w/-]+)@([0-9a-f]{40}) # (v[\d.]+)$", re.MULTILINE)


def newest(committed: str) -> Mapping[str, tuple[str, str]]:
    """Return the pins to write, given the committed file.

    A pin there that is newer is kept: Dependabot and Renovate update a repository's file, and this package
    comes later.
    """
    pins = dict(ACTIONS)
    for action, commit, version in _PINNED.findall(committed):
        if action in pins and _numbers(version) > _numbers(pins[action][1]):
            pins[action] = (commit, version)
    return pins


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
