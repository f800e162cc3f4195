"""The class `Emulator`: the emulator in the process of a test, and all that a test can do with it."""

from types import TracebackType
from typing import Self, Unpack

from rootfi_pulumi.emulator import page_updates
from rootfi_pulumi.emulator.app import Application
from rootfi_pulumi.emulator.faults import Fault
from rootfi_pulumi.emulator.middleware import FaultMiddleware
from rootfi_pulumi.emulator.rate_limit import RateLimit
from rootfi_pulumi.emulator.recording import RecordedRequest
from rootfi_pulumi.emulator.server import ServerThread
from rootfi_pulumi.emulator.settings import MethodAnswers, SecondPost, SecretAnswers, Settings
from rootfi_pulumi.emulator.state import State
from rootfi_pulumi.emulator.stored import IntegrationChanges, Snapshot, StoredIntegration
from rootfi_pulumi.emulator.traffic import Traffic

__all__ = [
    "Emulator",
    "Fault",
    "MethodAnswers",
    "RateLimit",
    "RecordedRequest",
    "Settings",
    "Snapshot",
    "StoredIntegration",
]


class Emulator:
    """RootFi on 127.0.0.1, from `with Emulator() as emulator:` to the end of the block.

    `port` 0 takes a free one; entering raises `OSError` if the port is not available. `patience` is the
    default timeout of `wait_for_requests` and `wait_until_held`, in seconds. Every method can be called from
    any thread, before, in and after the block: the data outlives the server. Entering the same emulator again
    simulates a RootFi that was unavailable for a while.
    """

    def __init__(self, *, port: int = 0, patience: float = 30) -> None:
        self._port = port
        self._patience = patience
        self._state = State()
        self._traffic = Traffic()
        self._server: ServerThread | None = None

    def __enter__(self) -> Self:
        """Start the server; it is ready on return. Raises `RuntimeError` if it is already running."""
        if self._server is not None:
            raise RuntimeError("the emulator is already running")
        app = FaultMiddleware(Application(self._state, self._traffic), self._state, self._traffic)
        self._server = ServerThread(app, self._port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Stop the server at once, even if requests are in progress."""
        if self._server is not None:
            self._server.stop()
            self._server = None
            self._traffic.forget_held()

    @property
    def url(self) -> str:
        """The base URL, such as "http://127.0.0.1:43210". Raises `RuntimeError` outside the block."""
        if self._server is None:
            raise RuntimeError("the emulator is not running")
        return self._server.url

    @property
    def settings(self) -> Settings:
        """All assumptions about RootFi, including `secrets`, `second_post` and `rate_limit`.

        Setting it replaces all of them and restarts all windows of the rate limit.
        """
        return page_updates.current(self._state, self._traffic)

    @settings.setter
    def settings(self, value: Settings) -> None:
        self._state.settings = value
        self._traffic.rate_limits.limit = value.rate_limit

    @property
    def secrets(self) -> SecretAnswers:
        """How `client_secret` is returned: "plain" (default), "masked", "null" or "omitted"."""
        return self._state.secrets

    @secrets.setter
    def secrets(self, value: SecretAnswers) -> None:
        self._state.secrets = value

    @property
    def second_post(self) -> SecondPost:
        """What a second POST of a type in one organisation does.

        "create" (default): creates a second integration; "conflict": is rejected with 409; "existing":
        returns the first, unchanged; "replace": gives the first the new credentials.
        """
        return self._state.second_post

    @second_post.setter
    def second_post(self, value: SecondPost) -> None:
        self._state.second_post = value

    @property
    def rate_limit(self) -> RateLimit | None:
        """The limit of each organisation; None (default) means no limit and no `X-RateLimit-*`.

        Setting it restarts all windows.
        """
        return self._traffic.rate_limits.limit

    @rate_limit.setter
    def rate_limit(self, value: RateLimit | None) -> None:
        self._traffic.rate_limits.limit = value

    def add_organisation(self, api_key: str | None = None, *, name: str | None = None) -> str:
        """Add an organisation and return its API key, a random one if none is given.

        The page shows the name, by default one such as "org 123", and a random key, but never a given key.
        Raises `ValueError` if the key or the name is in use, if the key is not valid in an HTTP header, or if
        the name is not 1 to 40 printable characters without "=".
        """
        return self._state.add_organisation(api_key, name).api_key

    def change_key(self, api_key: str, new: str) -> None:
        """Replace an organisation's API key; the old one is rejected from then on.

        Raises `LookupError` if the key is unknown, `ValueError` if the new one is in use or invalid.
        """
        self._state.change_key(self.organisation_id(api_key), new)

    def organisation_id(self, api_key: str) -> int:
        """Return the numeric id of a key's organisation; raises `LookupError` for an unknown key."""
        organisation = self._state.organisation(api_key)
        if organisation is None:
            raise LookupError("no organisation has this API key")
        return organisation.id

    def integrations(self, api_key: str) -> list[StoredIntegration]:
        """Return the integrations of a key's organisation, ordered by id.

        Raises `LookupError` for an unknown key.
        """
        return self._state.integrations(self.organisation_id(api_key))

    def integration(self, integration_id: int) -> StoredIntegration:
        """Return one integration of any organisation; raises `LookupError` for an unknown id."""
        integration = self._state.find(integration_id)
        if integration is None:
            raise LookupError(f"no integration has the id {integration_id}")
        return integration

    def add_integration(  # noqa: PLR0913 - RootFi's own members
        self,
        api_key: str,
        *,
        integration_type: str,
        client_id: str,
        client_secret: str,
        is_disabled: bool = False,
        is_rootfi_identity: bool | None = False,
        rootfi_id: int | None = None,
    ) -> StoredIntegration:
        """Add an integration without a request, like a user of RootFi's dashboard.

        `second_post` does not apply, and the type may be one that is not documented. The default `rootfi_id`
        is the next free one. Raises `LookupError` for an unknown key and `ValueError` if the id is taken.
        """
        return self._state.add(
            self.organisation_id(api_key),
            rootfi_id,
            integration_type=integration_type,
            client_id=client_id,
            client_secret=client_secret,
            is_disabled=is_disabled,
            is_rootfi_identity=is_rootfi_identity,
        )

    def edit(self, integration_id: int, **changes: Unpack[IntegrationChanges]) -> StoredIntegration:
        """Change members without a request.

        Raises `LookupError` for an unknown id and `TypeError` for an unknown member.
        """
        return self._state.edit(integration_id, **changes)

    def remove(self, integration_id: int) -> None:
        """Remove an integration, like RootFi's support; raises `LookupError` for an unknown id."""
        self._state.remove(integration_id)

    def snapshot(self) -> Snapshot:
        """Return the current organisations and integrations, for `restore` of this or another emulator."""
        return self._state.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Replace organisations and integrations with those of a snapshot; faults, log and settings stay."""
        self._state.restore(snapshot)

    @property
    def requests(self) -> list[RecordedRequest]:
        """All requests in order of arrival, except those to the control routes."""
        return self._traffic.requests

    @property
    def calls(self) -> list[str]:
        """The method and path of each request, such as "POST /integrations"."""
        return [f"{request.method} {request.path}" for request in self.requests]

    def forget_requests(self) -> None:
        """Empty the log of requests."""
        self._traffic.forget_requests()

    def wait_for_requests(self, count: int, timeout: float | None = None) -> None:
        """Block until the log holds `count` requests.

        Raises `TimeoutError` after `timeout` seconds; None means the emulator's `patience`.
        """
        self._traffic.wait_for_requests(count, self._patience if timeout is None else timeout)

    def wait_until_held(self, count: int = 1, timeout: float | None = None) -> None:
        """Block until `count` requests wait for `release()`.

        Requests held by `Fault(hold=True, processed=True)` have then taken effect. Raises `TimeoutError`
        after `timeout` seconds; None means the emulator's `patience`.
        """
        self._traffic.wait_until_held(count, self._patience if timeout is None else timeout)

    def inject(self, fault: Fault) -> int:
        """Add a fault, which waits for its request behind the faults that already wait; return its id."""
        return self._traffic.faults.inject(fault)

    def remove_fault(self, fault_id: int) -> None:
        """Remove one fault that still waits; raises `LookupError` if none has this id."""
        self._traffic.faults.remove(fault_id)

    def clear_faults(self) -> None:
        """Remove the faults that still wait; requests that already met one are not affected."""
        self._traffic.faults.clear()

    def release(self) -> None:
        """Release all held requests, including those whose fault is about to hold them."""
        self._traffic.release()

    def reset(self) -> None:
        """Remove organisations, keys, integrations and faults, empty the log and restore default settings.

        Held requests are released, and ids start from the beginning. The server keeps running.
        """
        self._state.reset()
        self._traffic.reset()
