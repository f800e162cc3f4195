"""Merges a response of RootFi into the outputs that the state holds, and decides which secret is certain.

A secret that RootFi shows may be a mask that `api.masks` does not recognise. The output `client_secret_shown`
records what RootFi showed when its secret was known, which decides what to believe later:

- `in clear`: a POST, PUT or GET showed the known secret. What RootFi shows is the secret.
- a salted digest: the response to a POST or PUT had another text, a mask. The same text in a later GET is
  that mask.
- `get` and such a digest: a GET showed this text as a change. If it shows it again after a PUT, it is a mask.
- `unknown`, or no such output in the state of an earlier version: none of these has happened.
"""

from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.declaration.members import CHANGED_IN_PLACE
from rootfi_pulumi.provider.inputs import Props
from rootfi_pulumi.state import CLIENT_SECRET_SHOWN, CLIENT_SECRET_VERSION, DIFFERS_IN, UNFINISHED

TO_BE_DONE = (UNFINISHED, DIFFERS_IN)
"""The outputs that say what a run has left to the next one; each response of RootFi clears them."""

IN_CLEAR = "in clear"
UNKNOWN = "unknown"
_FROM_GET = "get "

_READ_ONLY = ("rootfi_created_at", "rootfi_updated_at", "metadata")
# What an answer changes in the state as it is; a secret is a matter of its own.
_MEMBERS = (*(name for name in CHANGED_IN_PLACE if name != "client_secret"), *_READ_ONLY)


def merge_write(known: Props, integration: Integration, sent: str) -> Props:
    """Return the outputs after an answer to a POST or PUT that sent `known` with this secret in clear."""
    shown = integration.client_secret
    outs = replace_secret(_merged(known, integration), sent)
    if shown not in (None, sent):
        return outs | {CLIENT_SECRET_SHOWN: _digest(integration, shown)}
    shows_clear = shown == sent and not _is_from_get(known)
    return outs | {CLIENT_SECRET_SHOWN: IN_CLEAR if shows_clear else known.get(CLIENT_SECRET_SHOWN, UNKNOWN)}


def merge_read(known: Props, integration: Integration) -> Props:
    """Return the outputs after a GET: a member that RootFi masks or omits counts as unchanged.

    Another secret than the known one is a change. It is kept only if it is certain; else the state holds a
    secret that matches none, so that the declared one is sent.
    """
    outs = _merged(known, integration)
    shown = integration.client_secret
    stored = known["client_secret"]
    if shown is None or _is_known_mask(known, shown) or _is_part(stored, shown):
        return outs
    if from_env.matches(stored, shown):
        return outs if _has_mask(known) else outs | {CLIENT_SECRET_SHOWN: IN_CLEAR}
    if find_certain_secret(known, integration):
        return replace_secret(outs, shown) | {CLIENT_SECRET_SHOWN: _FROM_GET + _digest(integration, shown)}
    unknown = from_env.unknown(stored)
    if stored == unknown:
        # A change counts once, since RootFi may show another text at each refresh.
        return outs
    seen = {} if _has_mask(known) else {CLIENT_SECRET_SHOWN: _FROM_GET + _digest(integration, shown)}
    return outs | {"client_secret": unknown, CLIENT_SECRET_VERSION: _next_version(known)} | seen


def merge_adoption(declared: Props, integration: Integration) -> Props:
    """Return the outputs of an integration that was just adopted: only a secret as declared is certain."""
    known = {**declared, CLIENT_SECRET_SHOWN: UNKNOWN}
    if integration.client_secret is None:
        # It may differ from the declaration, so the next `pulumi up` sends the declared one.
        known["client_secret"] = from_env.unknown(declared["client_secret"])
    outs = merge_read(known, integration)
    differing = [
        name
        for name in CHANGED_IN_PLACE
        if outs[name] != declared[name]
        and not (name == "client_secret" and integration.client_secret is None)
    ]
    return outs | ({DIFFERS_IN: differing} if differing else {})


def find_certain_secret(known: Props, integration: Integration) -> str | None:
    """Return the secret that RootFi shows if it is certainly one, so that it may be sent to RootFi."""
    shown = integration.client_secret
    if not shown:
        return None
    stored = known["client_secret"]
    believed = known.get(CLIENT_SECRET_SHOWN) == IN_CLEAR and not _is_part(stored, shown)
    return shown if believed or from_env.matches(stored, shown) else None


def replace_secret(known: Props, secret: str) -> Props:
    """Return what is known with this `client_secret`, stored in the way that it is passed."""
    stored = known["client_secret"]
    if from_env.matches(stored, secret):
        return known
    variable = from_env.variable(stored)
    integration = (known.get("integration_type"), known.get("client_id"))
    kept = from_env.stored(variable, secret, stored, integration=integration) if variable else secret
    return known | {"client_secret": kept, CLIENT_SECRET_VERSION: _next_version(known)}


def _merged(known: Props, integration: Integration) -> Props:
    outs = {name: value for name, value in known.items() if name not in TO_BE_DONE}
    for name in _MEMBERS:
        if getattr(integration, name) is not None:
            outs[name] = getattr(integration, name)
    return outs | {"rootfi_id": integration.rootfi_id}


def _digest(integration: Integration, shown: str) -> str:
    return from_env.digest_of(shown, CLIENT_SECRET_SHOWN, integration.rootfi_id)


def _is_known_mask(known: Props, shown: str) -> bool:
    return from_env.matches({"digest": str(known.get(CLIENT_SECRET_SHOWN)).removeprefix(_FROM_GET)}, shown)


def _is_from_get(known: Props) -> bool:
    return str(known.get(CLIENT_SECRET_SHOWN)).startswith(_FROM_GET)


def _has_mask(known: Props) -> bool:
    """Return whether a write was answered by a mask."""
    return known.get(CLIENT_SECRET_SHOWN, UNKNOWN) not in (IN_CLEAR, UNKNOWN) and not _is_from_get(known)


def _is_part(stored: object, shown: str) -> bool:
    """Return whether a text is the beginning or the end of the known secret, as some masks are."""
    secret = from_env.plain(stored) if from_env.is_at_hand(stored) else ""
    return shown != secret and (secret.startswith(shown) or secret.endswith(shown))


def _next_version(known: Props) -> int:
    return int(known.get(CLIENT_SECRET_VERSION, 0)) + 1
