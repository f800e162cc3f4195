from collections.abc import Iterator

import pytest

from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.api.transport import Transport
from rootfi_pulumi.emulator import Emulator


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def api_key(emulator: Emulator) -> str:
    return emulator.add_organisation()


@pytest.fixture
def client(emulator: Emulator, api_key: str) -> RootFiClient:
    redactor = Redactor()
    redactor.add("the-client-secret")
    return RootFiClient(Transport(Settings(api_key, emulator.url), redactor))
