"""Refuses an API key in plain text in the stack's config, before anything is registered."""

import pulumi
from pulumi.runtime import get_config, is_config_secret

from rootfi_pulumi.declaration.settings import API_KEY
from rootfi_pulumi.provider.phrases import PLAIN_KEY


def refuse_plain_key() -> None:
    """Raise pulumi.RunError if the running stack's API key is in plain text.

    Pulumi keeps a copy of the config in the state, and encrypts only what is a secret in the config.
    """
    if get_config(API_KEY.key) and not is_config_secret(API_KEY.key):
        raise pulumi.RunError(
            f"{API_KEY.key}: {PLAIN_KEY}\n"
            f"  Encrypt it:  pulumi config set --secret {API_KEY.key}\n"
            f"  Or remove it from the config and set {API_KEY.variable}."
        )
