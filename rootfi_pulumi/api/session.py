"""A session of requests that knows RootFi's key and this package's connections, and nothing of `.netrc`."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from rootfi_pulumi.api import connections
from rootfi_pulumi.api.settings import Settings


class NoCertificates(requests.RequestException):
    """The CA bundle of the environment is not there."""


def open_session(settings: Settings, *, kept: int) -> requests.Session:
    """Return a session for one organisation that keeps so many connections."""
    session = _Session()
    session.auth = _ApiKey(settings.api_key)
    # Plain http is for this machine alone: through a proxy the key would leave it in clear.
    session.trust_env = settings.base_url.startswith("https:")
    # Answers are short, and what is not asked for is less likely to come: a body that unpacks to a flood.
    session.headers.update({"Accept": "application/json", "Accept-Encoding": "identity"})
    for scheme in connections.POOLS:
        # Fewer pooled connections than threads would be closed and made anew all the time.
        session.mount(f"{scheme}://", _Adapter(max_retries=0, pool_maxsize=kept))
    return session


class _ApiKey(AuthBase):
    """The `api_key` header. As an auth, it also keeps requests from looking into `.netrc`."""

    def __init__(self, api_key: str) -> None:
        self._api_key = api_key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["api_key"] = self._api_key
        return request


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 (the base's)
        # Even where it is not followed, requests reads the address, and fails on a bad one.
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
