"""Checks that Pulumi can decrypt and encrypt the stack's secrets: `up` needs both, even without a secret."""

import os
import shlex
from collections.abc import Mapping
from typing import Any

from rootfi_pulumi.cli.capture.ciphertext import open_scratch
from rootfi_pulumi.cli.doctor.access import read_variable
from rootfi_pulumi.cli.doctor.finding import Finding, Subject, ok, problem
from rootfi_pulumi.cli.stack_settings import ConfigValue, read_config
from rootfi_pulumi.declaration.stack_file import TEXTS
from rootfi_pulumi.project.engine_yaml import UnreadableError, plain, read
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

_PASSPHRASE, _PASSPHRASE_FILE = "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"
# In Pulumi's errors about a passphrase: it is incorrect, it is not set, or its file is missing.
_ABOUT_PASSPHRASE = "passphrase"  # noqa: S105 (a word)


def check_decryption(project: Project, stack: str) -> tuple[Finding, dict[str, ConfigValue] | None]:
    """Decrypt a stack's config in memory. Return the finding, and the config if it can be read."""
    try:
        config = read_config(project, stack, decrypt=True)
        secrets = sum(each.is_secret for each in config.values())
        if not secrets:
            # Without a secret Pulumi has not used the passphrase yet, but `up` will.
            _encrypt_a_word(project, stack)
    except PulumiError as error:
        return _unreadable(stack, str(error)), None
    done = f"{secrets} decrypted" if secrets else "no secrets; a test value could be encrypted"
    return ok(Subject.STACK_CONFIG, f"{_count(config)}, {done}"), config


def _count(config: Mapping[str, object]) -> str:
    return f"{len(config)} value{'' if len(config) == 1 else 's'}"


def _encrypt_a_word(project: Project, stack: str) -> None:
    with open_scratch(project, stack, _content(project, stack)) as encrypting:
        encrypting.encrypt("word")


def _content(project: Project, stack: str) -> Mapping[str, Any]:
    try:
        root = read(project.stack_file(stack))
    except (OSError, UnreadableError):
        return {}
    members = root.value if root and isinstance(root.value, dict) else {}
    # Only the secrets provider's members: a scratch file cannot have some of the others.
    return {name: plain(members[name].node) for name in TEXTS if name in members}


def _unreadable(stack: str, why: str) -> Finding:
    if _ABOUT_PASSPHRASE not in why.lower():
        remedy = "give Pulumi access to the stack's secrets provider, or correct the stack's file"
        return problem(Subject.STACK_CONFIG, why, remedy, f"pulumi config --stack {shlex.quote(stack)}")
    remedy = f"enter the passphrase of {stack}; your input is hidden, or set {_PASSPHRASE_FILE}"
    # An empty passphrase counts as set, and overrides the file.
    if os.environ.get(_PASSPHRASE_FILE) and _PASSPHRASE not in os.environ:
        remedy = f"correct {_PASSPHRASE_FILE} or its file, or enter the passphrase; your input is hidden"
    return problem(Subject.STACK_CONFIG, why, remedy, read_variable(_PASSPHRASE))
