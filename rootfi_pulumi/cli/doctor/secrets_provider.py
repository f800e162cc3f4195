"""Whether Pulumi can decrypt and encrypt as the stack does: `up` needs both, even without a secret."""

import os
import shlex
from collections.abc import Mapping
from typing import Any

from rootfi_pulumi.cli.capture.ciphertext import open_scratch
from rootfi_pulumi.cli.doctor.access import read_variable
from rootfi_pulumi.cli.doctor.finding import Finding, ok, problem
from rootfi_pulumi.cli.stack_settings import ConfigValue, read_config
from rootfi_pulumi.declaration.stack_file import TEXTS
from rootfi_pulumi.project.engine_yaml import UnreadableError, plain, read
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

SUBJECT = "stack config"
_PASSPHRASE, _PASSPHRASE_FILE = "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"
# In what Pulumi says of a passphrase: that it is incorrect, that it must be set, or that its file is missing.
_ABOUT_IT = "passphrase"


def check_decryption(project: Project, stack: str) -> tuple[Finding, dict[str, ConfigValue] | None]:
    """Decrypt a stack's config, in memory alone; the finding comes with the config, if it can be read."""
    try:
        config = read_config(project, stack, decrypt=True)
        secrets = sum(each.is_secret for each in config.values())
        if not secrets:
            # Pulumi has not asked for the passphrase, and `up` will.
            _encrypt_a_word(project, stack)
    except PulumiError as error:
        return _unreadable(stack, str(error)), None
    done = f"{secrets} decrypted" if secrets else "none is secret, and a secret could be encrypted"
    return ok(SUBJECT, f"{_count(config)}, {done}"), config


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
    # What else is in the file may be what no other file can have.
    return {name: plain(members[name].node) for name in TEXTS if name in members}


def _unreadable(stack: str, why: str) -> Finding:
    if _ABOUT_IT not in why.lower():
        remedy = "give Pulumi access to the stack's secrets provider, or correct the stack's file"
        return problem(SUBJECT, why, remedy, f"pulumi config --stack {shlex.quote(stack)}")
    remedy = (
        f"give the passphrase of {stack}, which is not shown, or name a file with it in {_PASSPHRASE_FILE}"
    )
    # A passphrase that is set and empty is one, and goes before the file.
    if os.environ.get(_PASSPHRASE_FILE) and _PASSPHRASE not in os.environ:
        remedy = f"correct {_PASSPHRASE_FILE} or what is in the file, or give the passphrase; it is not shown"
    return problem(SUBJECT, why, remedy, read_variable(_PASSPHRASE))
