"""Check the values of an integration before they are sent to RootFi.

Each function returns what is wrong and how to correct it, without the value of a credential, or None.
"""

from rootfi_pulumi.api.models import GREATEST_ID, IntegrationType
from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.api.suggestions import closest_word

# Bytes, far more than any OAuth credential has.
LONGEST_CREDENTIAL = 64 * 1024
# Characters of a value that a message quotes.
_LONGEST_QUOTATION = 40
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


def integration_type_problem(value: object) -> str | None:
    """Return what is wrong with an `integration_type`; suggest the closest type, or list them all."""
    if not isinstance(value, str):
        return "must be one of RootFi's integration types, such as XERO"
    if value in IntegrationType.__members__:
        return None
    if value.strip() in IntegrationType.__members__:
        return "starts or ends with white space: write it without"
    if meant := closest_word(value, IntegrationType):
        return f"{_quoted(value)} is not an integration type: did you mean {meant}?"
    return f"{_quoted(value)} is not an integration type: use one of {', '.join(IntegrationType)}"


def credential_problem(value: object) -> str | None:
    """Return what is wrong with a `client_id` or `client_secret`."""
    if not isinstance(value, str):
        return "must be text: put a number in quotes"
    if not value:
        return "must not be empty"
    if value != value.strip() or value.strip(_INVISIBLE) != value:
        return "starts or ends with white space or an invisible character: paste it again without"
    if not value.isprintable() or any(character in value for character in _INVISIBLE):
        return "contains a line break or an invisible character: paste it again without"
    if len(value.encode("utf-8", "surrogatepass")) > LONGEST_CREDENTIAL:
        return f"is longer than {LONGEST_CREDENTIAL} bytes: check that it is the credential"
    return None


def flag_problem(value: object) -> str | None:
    """Return what is wrong with `is_rootfi_identity` or `is_disabled`."""
    return None if isinstance(value, bool) else "must be true or false"


def id_problem(value: object) -> str | None:
    """Return what is wrong with an integration's id in `adopt`, which Pulumi passes as a float."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= GREATEST_ID:
        return None if value == int(value) else "must be a whole number"
    return "must be the rootfi_id of an existing integration, a whole number"


def _quoted(value: str) -> str:
    return f'"{excerpt(value, _LONGEST_QUOTATION)}"'
