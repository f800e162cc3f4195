"""Configure requests: RootFi's API key, this package's connections, no `.netrc`, no redirects."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from rootfi_pulumi.api import connections
from rootfi_pulumi.api.protocol import API_KEY_HEADER
from rootfi_pulumi.api.settings import Settings


class NoCertificates(requests.RequestException):
    """The environment names a CA bundle that does not exist."""


def open_session(settings: Settings, *, kept: int) -> requests.Session:
    """Return a session for one organisation that pools up to `kept` connections."""
    session = _Session()
    session.auth = _ApiKey(settings.api_key)
    # Plain http is only for this machine. Through a proxy, the key would leave it unencrypted.
    session.trust_env = settings.base_url.startswith("https:")
    # Responses are short, so ask for no compression: it makes a decompression bomb less likely.
    session.headers.update({"Accept": "application/json", "Accept-Encoding": "identity"})
    for scheme in connections.POOLS:
        # With fewer pooled connections than threads, requests would keep closing and reopening connections.
        session.mount(f"{scheme}://", _Adapter(max_retries=0, pool_maxsize=kept))
    return session


class _ApiKey(AuthBase):
    """Sets the `api_key` header. Because it is an auth, requests does not read `.netrc`."""

    def __init__(self, api_key: str) -> None:
        self._api_key = api_key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[API_KEY_HEADER] = self._api_key
        return request


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 (the base's)
        # requests parses the Location header even if it follows no redirect, and fails on a malformed one.
        return


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = connections.POOLS

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().cert_verify(*args, **kwargs)  # type: ignore[no-untyped-call]
        except OSError as error:
            raise NoCertificates(f"TLS: {error}") from None

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = connections.POOLS
        return manager
