"""What the state holds of an integration after RootFi has answered."""

from rootfi_pulumi import from_env
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.inputs import VERSION, Props


def outputs(known: Props, integration: Integration) -> Props:
    """Lay what RootFi tells over what is known: a member that it masks or omits counts as unchanged."""
    outs = {name: value for name, value in known.items() if name != "unfinished"}
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
    variable = from_env.variable(known["client_secret"])
    if secret is not None and not from_env.matches(known["client_secret"], secret):
        outs[VERSION] = known.get(VERSION, 0) + 1
        outs["client_secret"] = (
            from_env.stored(variable, secret, known["client_secret"]) if variable else secret
        )
    return outs
