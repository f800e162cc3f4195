import pickle
from base64 import b64decode
from typing import Any

import dill
import pytest
from pulumi.dynamic import dynamic

from rootfi_pulumi.provider import RootFiIntegrationProvider
from rootfi_pulumi.sdk_internals.dynamic_resource import PROVIDER, PROVIDER_INPUT


@pytest.mark.parametrize("unpickler", [dill, pickle])
def test_provider_pickle_makes_the_provider(unpickler: Any) -> None:
    assert isinstance(unpickler.loads(b64decode(PROVIDER)), RootFiIntegrationProvider)


def test_provider_pickle_is_one_of_protocol_0() -> None:
    # Every unpickler reads it, and users' states hold it: it must never change.
    assert b64decode(PROVIDER) == b"crootfi_pulumi.provider\nRootFiIntegrationProvider\n)R."


def test_provider_input_is_the_one_that_the_sdk_reads() -> None:
    assert dynamic.PROVIDER_KEY == PROVIDER_INPUT
