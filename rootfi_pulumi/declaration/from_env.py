"""Handle a `client_secret` that lives in an environment variable and is stored nowhere.

The plugin reads the variable when it needs it. What reaches the state is the variable's name and a
salted digest of its value, by which a rotated value is seen as a change:
`{"from_env": "XERO_CLIENT_SECRET", "digest": "…"}`, of which Pulumi encrypts the digest.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rootfi_pulumi.api.validation import credential_problem

VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SALT_BYTES = 16
_DIGEST_BYTES = 32
# Takes the place of a digest where the secret is unknown. A program sends an empty one.
_UNKNOWN = "unknown"


@dataclass(frozen=True)
class FromEnv:
    """Names the environment variable that holds a `client_secret` where `pulumi` runs.

    The provider reads it when it checks, creates, changes or disables the integration; a variable that is
    unset or empty stops the run, with its name, before RootFi is called. With `ignore_changes` it is read
    only where a new integration needs a secret. The state keeps the name and a salted digest of the value, by
    which a rotated secret is seen as a change.

    Raises ValueError for what is not a variable's name: letters, digits and `_`, no digit first.
    """

    name: str

    def __post_init__(self) -> None:
        problem = name_problem(self.name)
        if problem:
            raise ValueError(f"FromEnv: {problem}")


class NotInEnvironmentError(ValueError):
    """The variable is unset or empty; `str()` names it and says what to do."""


def name_problem(name: object) -> str | None:
    """Return what is wrong with a variable's name, or None; the name, perhaps a secret, is not quoted."""
    if isinstance(name, str) and VARIABLE_NAME.fullmatch(name):
        return None
    return "must be the name of an environment variable: letters, digits and _, no digit first"


def variable(client_secret: object) -> str | None:
    """Return the variable's name if a `client_secret`, as declared or stored, is one of this kind."""
    if isinstance(client_secret, Mapping) and isinstance(client_secret.get("from_env"), str):
        return str(client_secret["from_env"])
    return None


def resolve(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return the variable's value. Raises NotInEnvironmentError if it is unset or empty."""
    value = environ.get(name)
    if not value:
        state = "empty" if name in environ else "not set"
        raise NotInEnvironmentError(f"environment variable {name} is {state}: set it where pulumi runs")
    return value


def variable_problem(name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """Return what is wrong with a variable's value as a `client_secret`, without the value, or None."""
    try:
        problem = credential_problem(resolve(name, environ))
    except NotInEnvironmentError as error:
        return str(error)
    return f"the value of environment variable {name} {problem}" if problem else None


def stored(
    name: str, value: str, previous: object = None, *, integration: Iterable[object] = ()
) -> dict[str, Any]:
    """Return what the state keeps for a value.

    The salt is that of `previous`. If it has none, the salt is derived from the variable's name and from
    `integration`, which differs between integrations: an `up` must come to the digest of its saved plan.
    """
    salt = _salt_and_digest(previous)[0] or _derived_salt(name, *integration)
    return {"from_env": name, "digest": _salted(salt, value)}


def digest_of(value: str, *salted_by: object) -> str:
    """Return a digest of any text for the state, which `matches({"digest": …}, value)` compares.

    `salted_by` gives equal texts of two integrations different digests.
    """
    return _salted(_derived_salt(*salted_by), value)


def has_digest(client_secret: object) -> bool:
    """Return whether `check` or `read` made this `client_secret`: a program sends no digest."""
    return isinstance(client_secret, Mapping) and bool(client_secret.get("digest"))


def has_salt(client_secret: object) -> bool:
    """Return whether `stored` would keep the salt of this `client_secret`."""
    return bool(_salt_and_digest(client_secret)[0])


def unknown(client_secret: object) -> object:
    """Return what the state holds for a secret, declared as this one, whose value is unknown.

    It matches no value.
    """
    name = variable(client_secret)
    return {"from_env": name, "digest": _UNKNOWN} if name else ""


def plain(client_secret: object) -> str:
    """Return the secret itself, however it is passed. Raises NotInEnvironmentError."""
    name = variable(client_secret)
    return resolve(name) if name else str(client_secret)


def is_at_hand(client_secret: object) -> bool:
    """Return whether the secret can be sent: the variable of a stored one may have another value, or none."""
    name = variable(client_secret)
    return matches(client_secret, os.environ.get(name, "")) if name else bool(client_secret)


def matches(previous: object, value: str) -> bool:
    """Return whether `previous`, a stored form or a plain secret, is of this value."""
    salt, digest = _salt_and_digest(previous)
    if salt:
        return hmac.compare_digest(digest, _hash(salt, value))
    return isinstance(previous, str) and hmac.compare_digest(_bytes(previous), _bytes(value))


def _salt_and_digest(client_secret: object) -> tuple[bytes, str]:
    both = client_secret.get("digest") if isinstance(client_secret, Mapping) else None
    salt, colon, digest = both.partition(":") if isinstance(both, str) else ("", "", "")
    return (bytes.fromhex(salt), digest) if colon else (b"", "")


def _derived_salt(*parts: object) -> bytes:
    return hashlib.blake2b(_bytes("\0".join(map(str, parts))), digest_size=_SALT_BYTES).digest()


def _salted(salt: bytes, value: str) -> str:
    return f"{salt.hex()}:{_hash(salt, value)}"


def _hash(salt: bytes, value: str) -> str:
    return hashlib.blake2b(_bytes(value), digest_size=_DIGEST_BYTES, salt=salt).hexdigest()


def _bytes(text: str) -> bytes:
    # A variable may hold bytes that are not UTF-8. It is compared before it is validated.
    return text.encode(errors="surrogatepass")
