"""The lines that the plugin shows while it works; none asks the user to do anything at once."""

from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.provider.inputs import Props
from rootfi_pulumi.state import DIFFERS_IN


def describe_replacement(id_: str, olds: Props, news: Props) -> str:
    """Say by what an integration is replaced; `adopt` is known."""
    adopt = news.get("adopt")
    new = f"integration {int(adopt)}" if isinstance(adopt, int | float) else "another integration"
    return (
        f"{olds['integration_type']} integration {id_} will be replaced by {new} and then disabled, "
        "unless retain_on_delete is set"
    )


def describe_adoption(props: Props, integration: Integration, outs: Props) -> str:
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
    return f"{props['integration_type']} integration {integration.rootfi_id} adopted; {then}"


def describe_disabled(id_: str, props: Props) -> str:
    """Say what a delete has done."""
    return (
        f"{props['integration_type']} integration {id_} is disabled, since RootFi cannot delete; "
        f"set `adopt: {id_}` to bring it back"
    )


def describe_forgotten(id_: str, props: Props) -> str:
    """Say what a delete of an unfinished create leaves."""
    return (
        f"{props['integration_type']} integration {id_} is removed from the state; "
        "if RootFi did create it, it is live and untracked"
    )
