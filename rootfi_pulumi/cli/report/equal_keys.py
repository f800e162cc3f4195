"""Finds which stacks have the same API key, with as few `pulumi` processes as possible.

Only decrypting a key takes a process. Decrypted keys are compared by salted digests that are useless outside
this process. `remembered_keys` remembers the result.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rootfi_pulumi.cli.at_once import call_at_once
from rootfi_pulumi.cli.report.remembered_keys import RememberedKeys
from rootfi_pulumi.declaration.plain_secrets import is_encrypted
from rootfi_pulumi.declaration.settings import API_KEY
from rootfi_pulumi.declaration.stack_file import StackFile
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

_SALT = secrets.token_bytes(16)
_PASSPHRASE, _PASSPHRASE_FILE = "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"


@dataclass(frozen=True)
class _Source:
    """Where a stack's key is. Equal sources have equal keys; different sources may have equal keys, too.

    `plain` is the key if it is in plain text, `ciphertext` a digest of what it is decrypted from. If it has
    neither, only Pulumi knows the key, and `stack` makes the source unique.
    """

    plain: str | None = field(default=None, repr=False)
    ciphertext: str | None = None
    stack: str | None = None


def compare_keys(
    project: Project, files: Mapping[str, StackFile], *, is_shown: bool
) -> dict[str, bytes | None]:
    """Return for each stack bytes that are equal where the keys are; None where a key cannot be decrypted.

    Each file, or the project's, sets the key. `is_shown` shows on a terminal which keys are being decrypted.
    """
    sources = {stack: _source(stack, file) for stack, file in files.items()}
    stacks = {source: stack for stack, source in sources.items()}
    if len(stacks) == 1:
        return dict.fromkeys(files, b"the same source")

    def decrypt(wanted: Iterable[_Source]) -> dict[_Source, bytes]:
        found = {each: _digest(each.plain) for each in wanted if each.plain is not None}
        encrypted = [stacks[each] for each in wanted if each not in found]
        names = [stack for stack in encrypted if not _lacks_passphrase(files[stack])]
        read = call_at_once(
            lambda stack: _decrypt(project, stack), names, "decrypting the API key of", is_shown=is_shown
        )
        return found | {sources[stack]: _digest(key) for stack, key in read.items() if key is not None}

    remembered = RememberedKeys.of(project)
    known = remembered.read()
    new = [each for each in stacks if each.ciphertext not in known]
    if keys := decrypt(new):
        # A new key is compared with the remembered ones, of which only the equality is known.
        keys |= decrypt([each for each in stacks if each not in new])
        remembered.write({each.ciphertext: key for each, key in keys.items() if each.ciphertext})
    else:
        keys = {each: known[each.ciphertext] for each in stacks if each.ciphertext in known}
    return {stack: keys.get(source) for stack, source in sources.items()}


def _source(stack: str, file: StackFile) -> _Source:
    own, inherited = file.config.get(API_KEY.key), file.inherited.get(API_KEY.key)
    if any(key == API_KEY.key for _, key in file.ambiguous):
        return _Source(stack=stack)
    if isinstance(own, dict) and is_encrypted(own):
        # Elsewhere than in the file, each stack has what decrypts it under the stack's name.
        is_whole = any(file.encryption.get(name) for name in ("encryptedkey", "encryptionsalt"))
        parts = [dict(file.encryption), None if is_whole else stack, own["secure"]]
        return _Source(ciphertext=hashlib.blake2b(json.dumps(parts, sort_keys=True).encode()).hexdigest())
    # An environment of Pulumi ESC would override the project's value, but not the file's.
    plain = own if own is not None or file.is_part else inherited
    return _Source(plain=plain) if isinstance(plain, str) else _Source(stack=stack)


def _lacks_passphrase(file: StackFile) -> bool:
    """Return whether Pulumi would certainly fail to decrypt the file. An empty passphrase is one."""
    by_passphrase = file.encryption.get("secretsprovider") in (None, "", "passphrase")
    is_set = _PASSPHRASE in os.environ or os.environ.get(_PASSPHRASE_FILE)
    return bool(by_passphrase and file.encryption.get("encryptionsalt") and not is_set)


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), key=_SALT).digest()


def _decrypt(project: Project, stack: str) -> str | None:
    try:
        # Pulumi appends a line break.
        return project.pulumi("config", "get", API_KEY.key, "--stack", stack)[:-1]
    except PulumiError:
        return None
