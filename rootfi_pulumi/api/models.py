"""The data that RootFi's integrations endpoints exchange, without HTTP.

See https://docs.integrationlabs.co/api-reference/v2/core/integrations/create-integrations and, for the
response, get-integration next to it.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self, TypeVar

from rootfi_pulumi.api.masks import hides_part, is_mask
from rootfi_pulumi.api.printable import replace_unprintable

T = TypeVar("T")

# Pulumi transports numbers as doubles, so a greater id could come back as another one.
GREATEST_ID = 2**53 - 1
# Levels of metadata. This module and Pulumi walk it recursively, so deep nesting would overflow the stack.
_DEEPEST = 100


class IntegrationType(StrEnum):
    """The 17 platforms that RootFi documents for `POST /integrations`, in RootFi's order."""

    ZOHO_BOOKS = "ZOHO_BOOKS"
    QUICKBOOKS_SANDBOX = "QUICKBOOKS_SANDBOX"
    QUICKBOOKS = "QUICKBOOKS"
    XERO = "XERO"
    TALLY = "TALLY"
    SAGE_CLOUD_ACCOUNTING = "SAGE_CLOUD_ACCOUNTING"
    MS_DYNAMICS_365 = "MS_DYNAMICS_365"
    SAGE_ZA_CLOUD_ACCOUNTING = "SAGE_ZA_CLOUD_ACCOUNTING"
    MYOB_BUSINESS = "MYOB_BUSINESS"
    WAVE = "WAVE"
    ODOO_ACCOUNTING = "ODOO_ACCOUNTING"
    NETSUITE = "NETSUITE"
    WAFEQ = "WAFEQ"
    MEKARI_JURNAL = "MEKARI_JURNAL"
    BUSY = "BUSY"
    ROOTFI_SANDBOX = "ROOTFI_SANDBOX"
    QOYOD = "QOYOD"


@dataclass(frozen=True)
class Integration:
    """An integration as RootFi returns it.

    RootFi does not document which members it always sends, so every member but `rootfi_id` may be None.
    `integration_type` is a plain string, because RootFi may add types. A masked `client_secret` is None.
    Timestamps are ISO 8601 strings.
    """

    rootfi_id: int
    integration_type: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    is_rootfi_identity: bool | None = None
    is_disabled: bool | None = None
    rootfi_created_at: str | None = None
    rootfi_updated_at: str | None = None
    metadata: dict[str, Any] | None = None

    @classmethod
    def parse(cls, data: object) -> Self:
        """Parse the `data` member of a response; unknown members are ignored.

        Raises ValueError, without any credential in its text, if it is not an object, has no usable
        `rootfi_id`, or if a known member has the wrong JSON type or cannot be stored.
        """
        if not isinstance(data, dict):
            raise ValueError("the answer has no data object")  # noqa: TRY004 (an unreadable answer, not a misuse)
        return cls(
            rootfi_id=_id(data.get("rootfi_id")),
            integration_type=_text(data, "integration_type") or None,
            # `is_mask` would be too strict: it takes an id such as `11` for a mask.
            client_id=_unless(hides_part, _text(data, "client_id")),
            client_secret=_unless(is_mask, _member(data, "client_secret", str)),
            is_rootfi_identity=_member(data, "is_rootfi_identity", bool),
            is_disabled=_member(data, "is_disabled", bool),
            rootfi_created_at=_text(data, "rootfi_created_at"),
            rootfi_updated_at=_text(data, "rootfi_updated_at"),
            metadata=_printable_names(_storable(_member(data, "metadata", dict))),
        )


def _id(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value) if len(value) < 20 else None  # noqa: PLR2004 (int() of a long string is slow)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("the answer has no rootfi_id")  # noqa: TRY004
    if not 0 < value <= GREATEST_ID:
        # The value is not quoted, because it may have thousands of digits.
        raise ValueError("the answer's rootfi_id cannot be stored")
    return value


def _member(data: dict[str, Any], name: str, kind: type[T]) -> T | None:
    value = data.get(name)
    if value is not None and not isinstance(value, kind):
        raise ValueError(f"the answer's {name} does not have the documented type")
    if isinstance(value, str):
        # JSON can contain a lone surrogate, which cannot be stored: encode() raises ValueError.
        value.encode()
    return value


def _text(data: dict[str, Any], name: str) -> str | None:
    text = _member(data, name, str)
    return None if text is None else replace_unprintable(text)


def _printable_names(value: Any) -> Any:
    # Pulumi escapes the values that it prints, but not the names of members.
    if isinstance(value, list):
        return [_printable_names(each) for each in value]
    if isinstance(value, dict):
        return {replace_unprintable(name): _printable_names(each) for name, each in value.items()}
    return value


def _storable(metadata: dict[str, Any] | None) -> dict[str, Any] | None:
    if not _fits(metadata, _DEEPEST):
        raise ValueError("the answer's metadata cannot be stored")
    return metadata


def _fits(value: object, levels: int) -> bool:
    if isinstance(value, str):
        value.encode()
    if isinstance(value, int | float):
        return abs(value) <= sys.float_info.max
    if isinstance(value, dict):
        return levels > 0 and all(_fits(key, 0) and _fits(each, levels - 1) for key, each in value.items())
    if isinstance(value, list):
        return levels > 0 and all(_fits(each, levels - 1) for each in value)
    return True


def _unless(masked: Callable[[str], bool], credential: str | None) -> str | None:
    return None if not credential or masked(credential) else credential
