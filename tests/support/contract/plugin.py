"""A provider and a client as a new plugin process has them, and the props of an integration."""

from typing import Any

from pulumi.dynamic import Config, ConfigureRequest, CreateResult, ReadResult, UpdateResult

from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import DEFAULT_TIMEOUT, Settings
from rootfi_pulumi.api.transport import Transport
from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from tests.support.fake_clock import FakeClock

SECRET = "hunter2"
PROPS: dict[str, Any] = {
    "integration_type": "XERO",
    "client_id": "app",
    "client_secret": SECRET,
    "is_rootfi_identity": False,
    "is_disabled": False,
    "client_secret_version": 1.0,
}


def client_of(url: str, api_key: str = "key", *, timeout: float = DEFAULT_TIMEOUT) -> RootFiClient:
    """Return a client for which waiting takes no time."""
    return RootFiClient(Transport(Settings(api_key, url, timeout), Redactor(), clock=FakeClock()))


def outs_of(result: CreateResult | ReadResult | UpdateResult) -> dict[str, Any]:
    """Return the outputs of a result, which the SDK's types let be None."""
    assert result.outs is not None
    return result.outs


def fresh(emulator: Emulator, api_key: str, **config: str) -> RootFiIntegrationProvider:
    """Configure a provider that knows no secret yet; `config` adds to its settings, or replaces some."""
    provider = RootFiIntegrationProvider(FakeClock())
    settings = {"apiKey": api_key, "baseUrl": emulator.url} | config
    config = {f"rootfi:{name}": value for name, value in settings.items()}
    provider.configure(ConfigureRequest(Config(config, "any")))
    return provider
