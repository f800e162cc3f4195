"""The requests of one stack, sent from a process of its own by as many threads as Pulumi's engine may use."""

from concurrent.futures import ThreadPoolExecutor

from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.api.transport import Transport

THREADS = 16


def create_and_read(url: str, api_key: str, client_ids: list[str]) -> list[tuple[Integration, Integration]]:
    """Create an integration for each client id; return for each, in order, the answers to POST and GET."""
    client = RootFiClient(Transport(Settings(api_key, url), Redactor()))

    def one(client_id: str) -> tuple[Integration, Integration]:
        created = client.create_integration(
            integration_type="XERO",
            client_id=client_id,
            client_secret=f"secret-of-{client_id}",
            is_rootfi_identity=False,
        )
        return created, client.get_integration(created.rootfi_id)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, client_ids))
