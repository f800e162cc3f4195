"""Decides which client secret an update or a delete sends, since RootFi's PUT needs one."""

from collections.abc import Callable

from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.declaration.ignore_changes import named_members
from rootfi_pulumi.declaration.members import CHANGED_IN_PLACE
from rootfi_pulumi.provider.boundary import ProviderError
from rootfi_pulumi.provider.inputs import Props
from rootfi_pulumi.provider.outputs import find_certain_secret
from rootfi_pulumi.provider.phrases import CANNOT_DISABLE, CANNOT_UPDATE
from rootfi_pulumi.sdk_internals.sdk_call import ignored_paths
from rootfi_pulumi.state import UNFINISHED


def find_kept_members(olds: Props, news: Props) -> set[str]:
    """Return the members that `ignore_changes` keeps as RootFi has them."""
    kept = named_members(CHANGED_IN_PLACE, ignored_paths())
    if olds.get(UNFINISHED):
        # What create was asked to do and could not.
        kept.discard("is_disabled")
    if not from_env.is_at_hand(news["client_secret"]):
        # `check` let it pass, so the engine put it there for ignore_changes.
        kept.add("client_secret")
    return kept


def find_kept_secret(known: Props, live: Integration) -> str:
    """Return the secret that `ignore_changes` keeps. Raises ProviderError if RootFi may not show it."""
    secret = find_certain_secret(known, live)
    if not secret:
        shows = "shows what may be a mask of" if live.client_secret else "does not show"
        raise ProviderError(
            f"integration {live.rootfi_id} {CANNOT_UPDATE}: RootFi {shows} the client_secret that "
            "ignore_changes keeps, and an update must send one\n"
            "  Remove client_secret from ignore_changes to send the declared one."
        )
    return secret


def find_secret_for_delete(
    rootfi_id: int, props: Props, read: Callable[[int], Integration], say: Callable[[str], None]
) -> str:
    """Return the secret to disable an integration with; `read` asks RootFi if the state does not have it.

    Raises ProviderError if no secret is known for certain and the variable that the state names is not set.
    """
    stored = props["client_secret"]
    if from_env.is_at_hand(stored):
        return from_env.plain(stored)
    live = find_certain_secret(props, read(rootfi_id))
    if live:
        return live
    why, advice = "its client_secret is unknown until the next `pulumi up`", "Run `pulumi up` first"
    try:
        secret = from_env.plain(stored)
    except from_env.NotInEnvironmentError as error:
        secret, why, advice = "", str(error), "Set the variable"
    if not secret:
        raise ProviderError(
            f"integration {rootfi_id} {CANNOT_DISABLE}: {why}\n"
            f"  {advice}, or set retain_on_delete to keep the integration as it is."
        )
    say(
        f"RootFi does not show the client_secret of {rootfi_id} for certain, so the value of "
        f"{from_env.variable(stored)} replaces it"
    )
    return secret
