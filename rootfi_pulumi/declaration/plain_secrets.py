"""Find credentials in plain text in a stack's config."""

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.declaration.problems import LONGEST_KEY, Problem
from rootfi_pulumi.declaration.settings import API_KEY, INTEGRATIONS

IN_PLAIN_TEXT = "is in plain text"
"""What is wrong with such a credential, without what to do."""
_ADVICE = f"{IN_PLAIN_TEXT}: encrypt it by `pulumi config set --secret"
# For JSON text and Pulumi.yaml, where `pulumi config set --path` would replace the whole declaration.
NOT_HERE = (
    f"{IN_PLAIN_TEXT}: write {{from_env: NAME}}, or declare it as a mapping in the stack's file, where "
    "`pulumi config set --secret --path` encrypts it"
)
"""What is wrong where that command must not be run, and what to do."""


def plain_secrets_of(config: dict[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for each credential that is neither encrypted nor `from_env`."""
    key = config.get(API_KEY.key)
    if key not in (None, "") and not is_encrypted(key):
        yield plain_key_problem()
    integrations = config.get(INTEGRATIONS.key)
    for name, entry in integrations.items() if isinstance(integrations, dict) else ():
        secret = entry.get("client_secret") if isinstance(entry, dict) else None
        fake = isinstance(secret, dict) and list(secret) == ["secure"] and not is_encrypted(secret)
        if secret is None or (isinstance(secret, dict) and not fake):
            continue
        what = f"{_ADVICE} --path {path_to_secret(str(name))}`, or write {{from_env: NAME}}"
        yield Problem(
            (INTEGRATIONS.name, str(name), "client_secret"), what if type(integrations) is dict else NOT_HERE
        )


def plain_key_problem() -> Problem:
    """Return the mistake of an API key in plain text."""
    what = f"{_ADVICE} {API_KEY.key}`, or take it out and set {API_KEY.variable}"
    return Problem((API_KEY.key,), what)


def path_to_secret(name: str) -> str:
    """Return the `--path` of an entry's `client_secret` for `pulumi config set`, quoted for a shell."""
    shown = excerpt(name, LONGEST_KEY)
    # A dot would begin another key, so only a name that Pulumi reads as one is left unquoted.
    key = f".{shown}" if re.fullmatch(r"[\w-]+", shown) else f"[{json.dumps(shown, ensure_ascii=False)}]"
    return shlex.quote(f"{INTEGRATIONS.key}{key}.client_secret")


def is_encrypted(value: object) -> bool:
    """Return whether a value of a stack file is one that Pulumi encrypted.

    For Pulumi that is each `{secure: <text>}`. The text depends on what encrypted it: a passphrase or a KMS
    makes `v1:…`, Pulumi Cloud bare base64.
    """
    # A subclass of dict marks JSON text, in which Pulumi decrypts nothing.
    if type(value) is not dict or list(value) != ["secure"]:
        return False
    return isinstance(value["secure"], str) and value["secure"] != ""
