"""What the state holds of a create that is not finished, and how a message names it.

The output `unfinished` is the reason: for a POST whose outcome is unknown, when it failed and why; for an
integration that was created and not disabled, why. The steps that resolve it are not stored: the program adds
them.
"""

import re
import secrets
from datetime import UTC, datetime
from typing import Any

from rootfi_pulumi.api.errors import RootFiError
from rootfi_pulumi.provider.phrases import MAY_EXIST, NOT_DISABLED
from rootfi_pulumi.state import UNFINISHED, is_unresolved, unresolved_id

# Older states hold a sentence that has the steps in it.
_SENTENCE = re.compile(
    r"since (?:it was created, as \d+, and not disabled: )?(?P<reason>.*?)(?:: look in RootFi for .*)?",
    re.DOTALL,
)


def make_unresolved(props: dict[str, Any], error: RootFiError) -> tuple[str, dict[str, Any]]:
    """Return a provisional id, and outputs whose `unfinished` says when the POST failed and why."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    why = error.what().removeprefix(f"{error.method} {error.path}: ")
    return unresolved_id(secrets.token_hex(6)), {**props, UNFINISHED: f"{when}: {why}"}


def describe_unfinished(name: str, id_: str, unfinished: str) -> str:
    """Return the message's first line: what is not finished, by the resource's name, and why."""
    sentence = _SENTENCE.fullmatch(unfinished)
    reason = sentence["reason"] if sentence else unfinished
    return f"{name}: {MAY_EXIST if is_unresolved(id_) else NOT_DISABLED} ({reason})"
