import pulumi
import pytest
from pulumi.runtime import rpc

from rootfi_pulumi.sdk_internals.unknown import is_unknown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (pulumi.UNKNOWN, True),
        # As the engine sends it, and earlier SDKs passed it on.
        (rpc.UNKNOWN, True),
        (None, False),
        ("", False),
        ({"from_env": "NAME"}, False),
    ],
)
def test_unknown_is_recognised_in_either_form(value: object, expected: bool) -> None:
    assert is_unknown(value) == expected
