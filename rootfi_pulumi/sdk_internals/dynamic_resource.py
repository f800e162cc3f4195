"""Registers a dynamic resource without the SDK's own constructor, which pickles the provider for each.

The pickle here is written by hand: a reference to the provider's class. It outlives changes of the code,
holds no key, and needs no provider in the program.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pulumi

from rootfi_pulumi.state import PROVIDER_CLASS, PROVIDER_MODULE

PROVIDER_INPUT = "__provider"
"""The input in which the SDK's plugin finds the provider."""
# Global, empty tuple, call, end: what the plugin's unpickler calls.
PROVIDER = b64encode(f"c{PROVIDER_MODULE}\n{PROVIDER_CLASS}\n)R.".encode()).decode()
"""Its value."""


def register(
    resource: pulumi.CustomResource,
    type_: str,
    name: str,
    props: Mapping[str, Any],
    opts: pulumi.ResourceOptions,
) -> None:
    """Register a resource whose `props` hold PROVIDER.

    The state then also names the program's line as the source of the resource, not one of this package.
    """
    pulumi.CustomResource.__init__(resource, type_, name, dict(props), opts)
