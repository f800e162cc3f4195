"""The names in users' states that are not RootFi's own, whichever process writes or reads them.

A state outlives each version of this package, so a name can be added here, but never changed or removed. The
members of an integration are in `declaration.members`, the forms of a secret in `declaration.from_env` and
`provider.outputs`.
"""

PROVIDER_MODULE, PROVIDER_CLASS = "rootfi_pulumi.provider", "RootFiIntegrationProvider"
"""The import path of the provider, which the state keeps with each integration as a pickle."""

PROVIDER_PACKAGE = "pulumi-python"
"""The package of Pulumi's dynamic providers, to which a RootFiProvider belongs."""
INTEGRATION = f"{PROVIDER_PACKAGE}:dynamic/rootfi:RootFiIntegration"
"""The type of an integration."""
ENVIRONMENT = "rootfi:index:Environment"
"""The type of the component that holds a stack's integrations."""
JOURNAL = "rootfi:index:CreateJournal"
"""The type of the component that notes the creates whose plugin died; there is one in a stack."""
JOURNAL_NAME = "rootfi"
"""Its name, the last part of its URN."""
INTERRUPTED = "interrupted"
"""Output of the journal: the URNs of those creates."""
MANAGED_BEFORE = "managed_before"
"""Output of the journal: by URN, the id that the state had before that create; "" for none."""

PROVIDER_NAME = "rootfi:providerName"
"""Input of a RootFiProvider: its name, which the plugin process does not get otherwise."""

CLIENT_SECRET_VERSION = "client_secret_version"  # noqa: S105 (the name of an output)
"""Input and output of an integration: how often its secret has changed, from 1."""
CLIENT_SECRET_SHOWN = "client_secret_shown"  # noqa: S105 (the name of an output)
"""Output of an integration: what RootFi showed of its secret when that was known (`provider.outputs`)."""
UNFINISHED = "unfinished"
"""Output of an integration whose create could not finish: when and why (`provider.unfinished_create`)."""
DIFFERS_IN = "differs_in"
"""Output of an integration: the members in which it differed from its declaration when it was adopted."""

_UNRESOLVED = "unresolved-"


def unresolved_id(suffix: str) -> str:
    """Return a provisional id for an integration of which only RootFi knows whether it exists."""
    return _UNRESOLVED + suffix


def is_unresolved(id_: str) -> bool:
    """Return whether an integration's id is provisional."""
    return id_.startswith(_UNRESOLVED)


def name_of(urn: str) -> str:
    """Return the last part of a URN, the resource's name."""
    return urn.rpartition("::")[2]
