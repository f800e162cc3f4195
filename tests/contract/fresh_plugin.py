"""A provider as a new plugin process has it, and the props of an integration."""

from pulumi.dynamic import Config, ConfigureRequest

from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.provider import RootFiIntegrationProvider

SECRET = "hunter2"
PROPS = {
    "integration_type": "XERO",
    "client_id": "app",
    "client_secret": SECRET,
    "is_rootfi_identity": False,
    "is_disabled": False,
    "client_secret_version": 1.0,
}


def fresh(emulator: Emulator, api_key: str) -> RootFiIntegrationProvider:
    """Configure a provider that knows no secret yet."""
    provider = RootFiIntegrationProvider()
    config = {"rootfi:apiKey": api_key, "rootfi:baseUrl": emulator.url}
    provider.configure(ConfigureRequest(Config(config, "any")))
    return provider
