"""Recognise the object that replaces a value which a preview does not know yet.

The SDK gives a dynamic provider an object for it. Earlier versions gave the text by which the engine sends
it, which is recognised as well: it must not be taken for a client id or a secret.
"""

from pulumi.output import Unknown
from pulumi.runtime.rpc import UNKNOWN


def is_unknown(value: object) -> bool:
    """Return whether a value among a resource's inputs is not known yet."""
    return isinstance(value, Unknown) or value == UNKNOWN
