"""Refuses an API key in plain text in the stack's config, before anything is registered."""

import pulumi
from pulumi.runtime import get_config, is_config_secret


def refuse_plain_key() -> None:
    """Raise pulumi.RunError if the running stack's `rootfi:apiKey` is in plain text.

    Pulumi keeps a copy of the config in the state, and encrypts only what is a secret in the config.
    """
    if get_config("rootfi:apiKey") and not is_config_secret("rootfi:apiKey"):
        advice = (
            "encrypt it by `pulumi config set --secret rootfi:apiKey`, or take it out and set ROOTFI_API_KEY"
        )
        raise pulumi.RunError(f"rootfi:apiKey: is in plain text: {advice}")
