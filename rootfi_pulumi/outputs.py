"""What the state holds of an integration after RootFi has answered."""

from rootfi_pulumi import from_env
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.inputs import VERSION, Props

DIFFERS_IN = "differs_in"
"""The output that names the members in which an adopted integration visibly differs from its declaration."""

TO_BE_DONE = ("unfinished", DIFFERS_IN)
"""The outputs that say what a run has left to the next one; none outlasts an answer of RootFi's."""


def outputs(known: Props, integration: Integration) -> Props:
    """Lay what RootFi tells over what is known: a member that it masks or omits counts as unchanged."""
    outs = {name: value for name, value in known.items() if name not in TO_BE_DONE}
    told = (
        "client_id",
        "is_rootfi_identity",
        "is_disabled",
        "rootfi_created_at",
        "rootfi_updated_at",
        "metadata",
    )
    for name in told:
        if getattr(integration, name) is not None:
            outs[name] = getattr(integration, name)
    outs["rootfi_id"] = integration.rootfi_id
    secret = integration.client_secret
    return outs if secret is None else with_secret(outs, secret)


def with_secret(known: Props, secret: str) -> Props:
    """Return what is known with this `client_secret`, stored in the way that it is passed."""
    stored = known["client_secret"]
    if from_env.matches(stored, secret):
        return known
    variable = from_env.variable(stored)
    integration = (known.get("integration_type"), known.get("client_id"))
    kept = from_env.stored(variable, secret, stored, integration=integration) if variable else secret
    return known | {"client_secret": kept, VERSION: known.get(VERSION, 0) + 1}
