from typing import Any

import pytest

from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.api.transport import Transport
from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from tests.support.contract.plugin import PROPS, SECRET, fresh, outs_of
from tests.support.fake_clock import FakeClock


@pytest.fixture
def client(emulator: Emulator, api_key: str) -> RootFiClient:
    redactor = Redactor()
    redactor.add("the-client-secret")
    return RootFiClient(Transport(Settings(api_key, emulator.url), redactor, clock=FakeClock()))


@pytest.fixture
def provider(emulator: Emulator, api_key: str) -> RootFiIntegrationProvider:
    return fresh(emulator, api_key)


@pytest.fixture
def created(provider: RootFiIntegrationProvider, emulator: Emulator) -> dict[str, Any]:
    """The state of integration 1234, which a refresh has seen."""
    outs = outs_of(provider.read("1234", outs_of(provider.create(PROPS))))
    emulator.forget_requests()
    return outs


@pytest.fixture
def variable(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The props of an integration whose secret is in XERO_SECRET."""
    monkeypatch.setenv("XERO_SECRET", SECRET)
    return PROPS | {"client_secret": from_env.stored("XERO_SECRET", SECRET)}
