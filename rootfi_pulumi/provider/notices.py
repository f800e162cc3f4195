"""The lines that the plugin shows while it works; none asks the user to do anything at once.

`name_resource` returns what each begins with: the resource's name, as in an error.
"""

from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.provider.boundary import resource_urn
from rootfi_pulumi.provider.inputs import Props
from rootfi_pulumi.state import DIFFERS_IN, name_of


def name_resource(props: Props) -> str:
    """Return the name of the resource that the engine asks about, or its type where no engine asks."""
    return name_of(resource_urn() or f"{props['integration_type']} integration")


def describe_replacement(id_: str, news: Props) -> str:
    """Say by what an integration is replaced; `adopt` is known."""
    adopt = news.get("adopt")
    new = int(adopt) if isinstance(adopt, int | float) else "a new integration"
    return f"replaces {id_} by {new} and then disables {id_}, unless retain_on_delete is set"


def describe_adoption(integration: Integration, outs: Props) -> str:
    """Say what an adoption found that differs from the declaration."""
    found = []
    if DIFFERS_IN in outs:
        found.append(f"RootFi has other values of {', '.join(outs[DIFFERS_IN])} than declared")
    if integration.client_secret is None:
        found.append(
            "RootFi does not show its client_secret: the next `pulumi up` sends the declared one, "
            "unless ignore_changes lists it"
        )
    then = "; ".join(found) or "it matches the declaration"
    return f"adopted {integration.rootfi_id}; {then}"


def describe_switch(id_: str, olds: Props, news: Props) -> str | None:
    """Say that an update has disabled or enabled an integration, or return None if it did neither."""
    if olds.get("is_disabled") == news["is_disabled"]:
        return None
    return f"{'disabled' if news['is_disabled'] else 'enabled'} {id_}"


def describe_deletion(id_: str) -> str:
    """Say what a delete has done."""
    return f"disabled {id_}, since RootFi cannot delete; set `adopt: {id_}` to bring it back"


def describe_forgotten(id_: str) -> str:
    """Say what a delete of an unfinished create leaves."""
    return f"removed {id_} from the state; if RootFi did create it, it is live and untracked"
